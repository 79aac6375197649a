"""People in the middle of something: one model of each kind is brought there by the engine, the others are its likenesses."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from bot.dialogue.content import Content
from bot.dialogue.engine import Engine
from bot.model.codec import decode_session, encode
from bot.model.events import AgentResult, TimerFired, TurnEvent
from bot.model.ids import GatewayId, InputId, PersonId, person_of
from bot.model.inbound import Inbound
from bot.model.session import Session
from bot.understanding.reader import Reader
from config.policy import Policy

NOON = 1_764_050_400.0  # 25 November 2025, 11:30 in India
FACTS = {"value_mg_dl": 140, "target_low": 80, "target_high": 180, "context": "fasting", "repeated": False}
MODEL = "919800000000"
START = ("hello", "English", "I agree")
HOME = (*START, "skip", "skip", "skip", "skip", "skip", "done")

KINDS: dict[str, tuple[tuple[str, ...], str]] = {
    "consent": (START[:2], "I agree"),
    "name": (START, "Asha"),
    "adult": ((*START, "skip", "2007"), "yes"),
    "zone": ((*START, "skip", "skip", "skip", "skip"), "yes"),
    "menu": (HOME, "1"),
    "value": ((*HOME, "1"), "126 fasting"),
    "silent": ((*HOME, "1"), "[timer]"),
    "context": ((*HOME, "sugar 140"), "fasting"),
    "agent": ((*HOME, "sugar 140 fasting"), "[agent]"),
    "idle": ((*HOME, "1", "140 fasting", "[agent]"), "sugar 150"),
}
"""What was said so far, and what comes next."""


class Person(Struct):
    kind: str
    address: str
    session: Session
    event: TurnEvent

    @property
    def id(self) -> PersonId:
        return self.session.person


def crowd(count: int, content: Content, policy: Policy, reader: Reader) -> Iterator[Person]:
    """``count`` people, of all kinds in turn."""
    engine = Engine(content, policy, reader.understand)
    models = {kind: _brought(engine, said) for kind, (said, _) in KINDS.items()}
    for number in range(1, count + 1):
        kind = list(KINDS)[number % len(KINDS)]
        address = f"9198{number:08}"
        raw = encode(models[kind]).replace(models[kind].person.encode(), person_of(f"phone:{address}").encode())
        session = decode_session(raw.replace(MODEL.encode(), address.encode()))
        session.version = 1
        yield Person(kind, address, session, _event(session, address, KINDS[kind][1], 1000))


def _brought(engine: Engine, said: tuple[str, ...]) -> Session:
    session = Session(person_of(f"phone:{MODEL}"))
    for number, words in enumerate(said):
        turn = engine.turn(session, _event(session, MODEL, words, number), now=NOON - 100 + number)
        assert words.startswith("[") or not [one for one in turn.trace if one["action"] in ("unclear", "landed")]
        session = turn.session
    return session


def _event(session: Session, address: str, words: str, number: int) -> TurnEvent:
    person, at = session.person, NOON - 100 + min(number, 100)
    if words == "[agent]":
        [intent] = [frame.wait.intent for frame in session.stack if frame.wait and frame.wait.intent]
        return AgentResult(InputId(f"{intent}:result"), person, intent, "clinical_monitor", "in_range", at, FACTS)
    if words == "[timer]":
        [timer] = session.timers
        return TimerFired(InputId(f"{timer.id}:fired"), person, timer.id, at, timer.data)
    id_ = GatewayId(f"3EB0{address}{number:06}")
    return Inbound(
        InputId(f"evolution:{id_}"), person, "main", "cloud", address, id_, "text", sent_at=at, received_at=at, text=words
    )
