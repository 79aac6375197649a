"""Whatever comes in whatever order, to flows with every part of the language: no error, the same again, and a small session."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.engine import Engine, Turn
from bot.dialogue.transcript.conversation import Conversation, Stage
from bot.dialogue.unasked import waiting
from bot.model.effects import Outbound
from bot.model.inbound import Contact, Inbound, Location, Media
from tests.dialogue.sequences import Met, Move, survive

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
    def survived(moves: list[Move]) -> None:
        played(stage, moves)

    survived()


def played(stage: Stage, moves: list[Move]) -> None:
    talk = Conversation(stage, "en", "tapped", {}, None)
    engine = Engine(stage.content, stage.policy, stage.understand)

    def say(number: int, now: float, move: Move) -> Inbound:
        _, text, kind = move
        return message(talk, number, now, str(text), str(kind))

    def tap(number: int, now: float, label: str, choice: str) -> Inbound:
        return message(talk, number, now, label, "tap", choice)

    def check(turn: Turn) -> None:
        session = turn.session
        assert all(one.text or one.media for one in turn.effects if isinstance(one, Outbound))
        assert len(session.bookmarks) <= 2
        held = {frame.wait.timer for frame in session.stack if frame.wait and frame.wait.timer}
        put_off = {one.timer.id for one in waiting(session)}
        assert {timer.id for timer in session.timers} - put_off == held
        assert len(put_off) <= stage.policy.notices.waiting
        assert not session.stopped or not held

    survive(engine, talk.session, talk.now, moves, met=Met(), agent="any", say=say, tap=tap, check=check, tick=1)


def message(talk: Conversation, number: int, now: float, text: str, kind: str, choice: str | None = None) -> Inbound:
    media = Media(ref="test") if kind in ("image", "audio", "document") else None
    place = Location(12.9, 77.5) if kind == "location" else None
    contacts = (Contact("Ravi", "TEL:98123 45678"),) if kind == "contact" else ()
    talk.now = now
    fields = {"media": media, "location": place, "contacts": contacts, "choice_id": choice}
    talk._count = number
    return talk._inbound(text or None, kind, 0, fields)  # type: ignore[arg-type]
