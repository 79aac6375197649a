"""Whatever comes in whatever order, to flows with every part of the language: no error, the same again, and a small session."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.engine import Engine
from bot.dialogue.transcript.conversation import Conversation, Stage
from bot.dialogue.unasked import waiting
from bot.model.codec import decode_session, encode
from bot.model.effects import Intent, Outbound, WakeAt
from bot.model.events import AgentResult, TimerFired, TurnEvent
from bot.model.ids import EffectId, InputId
from bot.model.inbound import Contact, Inbound, Location, Media

WORDS = st.sampled_from([
    "book an appointment tomorrow at 5 pm", "book an appointment", "3 december", "5", "Dr Rao", "bp 130/85 pulse 72",
    "bp 128/82", "pulse 70", "sugar 124", "sugar 45", "sugar 60 and bp 130/85", "sorry 142", "no, 152 not 142",
    "oops, after food", "export my data", "delete my data", "add a caregiver", "I feel tired and weak", "book a lab test",
    "I want to pay the bill", "show my summary", "I ate rice and dal", "what?", "continue", "cancel", "back", "skip",
    "repeat", "menu", "stop", "start", "language", "please write in hindi", "yes", "no", "sorry", "98765 43210",
    "between 4 and 6 pm", "⭐⭐⭐", "yesterday", "", "x" * 3000, "chest pain",
])  # fmt: skip
KINDS = st.sampled_from(["text"] * 6 + ["image", "audio", "document", "location", "contact"])
OUTCOMES = st.sampled_from(["in_range", "low", "drawn", "kept", "failed", "unavailable"])
FACTS = st.sampled_from([{}, {"chart": "sha256-00"}, {"chart": [1]}, {"chart": "x" * 9999}])
MOVES = st.one_of(
    st.tuples(st.just("say"), WORDS, KINDS),
    st.tuples(st.just("tap"), st.integers(0, 9)),
    st.tuples(st.just("result"), st.integers(0, 3), OUTCOMES, FACTS),
    st.tuples(st.just("timer"), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.floats(0, 900_000)),
)


def test_any_sequence_of_events_is_survived(stage: Stage) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(MOVES, min_size=10, max_size=40))
    def survived(moves: list[tuple[object, ...]]) -> None:
        survive(stage, moves)

    survived()


def survive(stage: Stage, moves: list[tuple[object, ...]]) -> None:
    talk = Conversation(stage, "en", "tapped", {}, None)
    engine = Engine(stage.content, stage.policy, stage.understand)
    session, now, person = talk.session, talk.now, talk.session.person
    options: list[tuple[str, str]] = []
    intents: list[EffectId] = []
    timers: list[EffectId] = []
    seen: set[str] = set()
    for number, move in enumerate(moves):
        event: TurnEvent | None = None
        match move:
            case ("say", str(text), str(kind)):
                event = message(talk, number, now, text, kind)
            case ("tap", int(which)) if options:
                label, choice = options[-1 - which % len(options)]
                event = message(talk, number, now, label, "tap", choice)
            case ("result", int(which), str(outcome), dict(facts)) if intents:
                intent = intents[-1 - which % len(intents)]
                event = AgentResult(InputId(f"{intent}:result{number}"), person, intent, "any", outcome, now, facts)
            case ("timer", int(which)) if timers:
                timer = timers[-1 - which % len(timers)]
                event = TimerFired(InputId(f"{timer}:fired{number}"), person, timer, now)
            case ("wait", float(seconds)):
                now += seconds
        if event is None:
            continue
        turn = engine.turn(session, event, now=now)
        assert encode(engine.turn(session, event, now=now)) == encode(turn)
        ids = {str(effect.id) for effect in turn.effects}
        assert len(ids) == len(turn.effects)
        assert not ids & seen
        seen |= ids
        said = [effect for effect in turn.effects if isinstance(effect, Outbound)]
        assert len(said) <= 4
        assert all(one.text or (one.media and one.media.kind == "audio") or one.media for one in said)
        options.extend((option.label, option.id) for one in said for option in one.options)
        intents.extend(effect.id for effect in turn.effects if isinstance(effect, Intent))
        timers.extend(effect.id for effect in turn.effects if isinstance(effect, WakeAt))
        session = decode_session(encode(turn.session))
        assert len(encode(session)) < 8192
        assert len(session.stack) <= 5
        assert len(session.bookmarks) <= 2
        held = {frame.wait.timer for frame in session.stack if frame.wait and frame.wait.timer}
        put_off = {one.timer.id for one in waiting(session)}
        assert {timer.id for timer in session.timers} - put_off == held
        assert len(put_off) <= stage.policy.notices.waiting
        assert not session.stopped or not held
        now += 1


def message(talk: Conversation, number: int, now: float, text: str, kind: str, choice: str | None = None) -> Inbound:
    media = Media(ref="test") if kind in ("image", "audio", "document") else None
    place = Location(12.9, 77.5) if kind == "location" else None
    contacts = (Contact("Ravi", "TEL:98123 45678"),) if kind == "contact" else ()
    talk.now = now
    fields = {"media": media, "location": place, "contacts": contacts, "choice_id": choice}
    talk._count = number
    return talk._inbound(text or None, kind, 0, fields)  # type: ignore[arg-type]
