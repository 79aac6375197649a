"""Whatever comes, in whatever order: the engine never raises, says the same again, and the session stays small."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.engine import Engine, Turn
from bot.model.effects import Intent, Outbound
from bot.model.ids import EffectId, GatewayId, InputId
from bot.model.inbound import Inbound
from tests.dialogue.sequences import Met, Move, survive
from tests.dialogue.stub import understand
from tests.dialogue.talk import ADDRESS, PERSON, Talk, content, policy

WORDS = st.sampled_from([
    "hi", "नमस्ते", "1", "2", "3", "yes", "no", "I agree", "menu", "help", "stop", "start", "language", "human", "cancel",
    "back", "repeat", "skip", "sugar 140 fasting", "sugar 25", "sugar 560", "sugar 110 and 165 fasting", "140", "chest pain",
    "I fainted", "very dizzy", "Asha", "1965", "2012", "2007", "log my sugar please", "\u202e\x00", "", "x" * 5000,
])  # fmt: skip
KINDS = st.sampled_from(
    ["text", "text", "text", "text", "tap", "image", "audio", "location", "reaction", "edit", "unknown", "sticker"]
)
OUTCOMES = st.sampled_from(["in_range", "high", "low", "critical_low", "implausible", "failed", "unavailable", "news"])
FACTS = st.sampled_from(
    [{}, {"value_mg_dl": 140, "target_low": 80, "target_high": 130}, {"value_mg_dl": "x" * 9999, "other": [1]}]
)
MOVES = st.one_of(
    st.tuples(st.just("say"), WORDS, KINDS, st.sampled_from([0.0, 30000.0, -99.0]), st.booleans()),
    st.tuples(st.just("tap"), st.integers(0, 9)),
    st.tuples(st.just("result"), st.integers(0, 3), OUTCOMES, FACTS),
    st.tuples(st.just("timer"), st.integers(0, 3)),
    st.tuples(st.just("wait"), st.floats(0, 90000)),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.booleans(), st.lists(MOVES, max_size=40))
def test_any_sequence_of_events_is_survived(known: bool, moves: list[Move]) -> None:
    engine = Engine(content(), policy(), understand)
    talk = Talk()
    if known:
        talk.onboard().say("sugar 140 fasting")
    met = Met(
        [(option.label, option.id) for message in talk.said(everything=True) for option in message.options],
        [intent.id for intent in talk.intents],
        [EffectId(timer) for timer in talk.timers],
    )
    survive(engine, talk.session, talk.now, moves, met=met, agent="clinical_monitor", say=_say, tap=_tap, check=_check)


def _check(turn: Turn) -> None:
    session = turn.session
    said = [effect for effect in turn.effects if isinstance(effect, Outbound)]
    assert all(0 < len(message.text) <= (1024 if message.options else 4096) for message in said)
    assert not session.consent or session.channel
    asked = {effect.name for effect in turn.effects if isinstance(effect, Intent)}
    assert session.consent or asked <= {"open_case"}  # an alarm opens a case, of which nobody else hears without consent
    assert len(session.overdue) <= 5
    assert {timer.id for timer in session.timers} >= {f.wait.timer for f in session.stack if f.wait and f.wait.timer}
    assert len(session.timers) <= 5


def _say(number: int, now: float, move: Move) -> Inbound:
    match move:
        case ("say", str(text), str(kind), float(ago), bool(verified)):
            return _message(number, now, text, kind, ago, verified=verified or number % 3 > 0)
    raise AssertionError(move)


def _tap(number: int, now: float, label: str, choice: str) -> Inbound:
    return _message(number, now, label, "tap", 0, choice=choice)


def _message(
    number: int, now: float, text: str, kind: str, ago: float, *, verified: bool = True, choice: str | None = None
) -> Inbound:
    return Inbound(
        InputId(f"in{number}"), PERSON, "main", "cloud", ADDRESS, GatewayId(f"in{number}"), kind, now - ago, now,  # type: ignore[arg-type]
        text=text or None, choice_id=choice, verified=verified,
    )  # fmt: skip
