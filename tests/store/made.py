"""Made-up things to store."""

from __future__ import annotations

from typing import Any

from bot.model.effects import Record, WakeAt
from bot.model.ids import EffectId, GatewayId, InputId, PersonId, person_of
from bot.model.session import Channel, Frame, Session
from bot.ports.store import DeliveryRecord, JournalEntry, Reading

ASHA, RAVI = person_of("phone:910000000001"), person_of("phone:910000000002")
ODD = {
    "name": "आशा 👩🏽‍⚕️ \u202e\u0000 'quoted\"; DROP TABLE",
    "$set": {"a.b": 1, "": None},
    "big": 2**70,
    "small": -0.0,
    "deep": [[[{"x": [True, False, None]}]]],
}


def wake(person: PersonId = ASHA, name: str = "w", at: float = 2_000.0) -> WakeAt:
    return WakeAt(EffectId(f"{person}-{name}"), person, at, {"why": "check"})


def entry(
    version: int, person: PersonId = ASHA, *, input_id: str | None = None, wakes: list[WakeAt] | None = None, at: float = 0.0
) -> JournalEntry:
    session = Session(
        person,
        version=version,
        channel=Channel("main", "baileys", "910000000001"),
        profile={"n": version, **ODD},
        stack=[Frame("welcome", "c1", "ask", {"odd": ODD})],
        timers=list(wakes or []),
    )
    return JournalEntry(
        person,
        InputId(input_id or f"{person}-in{version}"),
        version,
        at or 1_000.0 + version,
        "text",
        session,
        [{"step": "ask", "took": 0.5}],
        list(wakes or []),
    )


def record(
    name: str, person: PersonId = ASHA, kind: str = "consent", at: float = 1.0, data: dict[str, Any] | None = None
) -> Record:
    return Record(EffectId(name), person, kind, at, ODD if data is None else data)


def reading(
    name: str, person: PersonId = ASHA, at: float = 1_764_000_000.123456, value: float = 142.0, raw: str = "७.९ subah"
) -> Reading:
    return Reading(EffectId(name), person, "glucose", value, at, context="fasting", unit="mmol/L", raw=raw)


def delivery(name: str, state: str, at: float, person: PersonId = ASHA, **more: Any) -> DeliveryRecord:
    return DeliveryRecord(EffectId(name), person, state, at, **more)


def gateway(name: str) -> GatewayId:
    return GatewayId(name)
