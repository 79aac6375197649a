"""Something of a person in each engine, and what is left of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.app.engines import Engines
from bot.app.erasing import find_remains
from bot.model.effects import Record, WakeAt
from bot.model.ids import EffectId, GatewayId, InputId, PersonId, person_of
from bot.model.session import Member, Session
from bot.ports.bus import Envelope, QueueSpec
from bot.ports.documents import Document
from bot.ports.store import DeliveryRecord, JournalEntry, Reading
from config.engagement import load_engagement

PHONE, LID = "910000000001", "55501"
RULES = load_engagement()


Plant = Callable[[Engines, PersonId, float], Awaitable[None]]


def asha() -> PersonId:
    """Her id in the installation that is open: each makes its own."""
    return person_of(f"phone:{PHONE}")


def ravi() -> PersonId:
    return person_of("phone:910000000002")


async def add_reading(engines: Engines, person: PersonId, at: float) -> None:
    await engines.store.add_reading(Reading(EffectId(f"r{person}{at}"), person, "glucose", 126.0, at))


async def add_use(engines: Engines, person: PersonId, at: float) -> None:
    await engines.store.record([Record(EffectId(f"u{person}{at}"), person, "llm_use", at, {"task": "rephrase"})])


async def add_reminder(engines: Engines, person: PersonId, at: float) -> None:
    await engines.store.documents.save(Document("reminder", f"m{person}{at}", person, at, due=at + 1e6))


async def add_delivery(engines: Engines, person: PersonId, at: float) -> None:
    await engines.store.save_deliveries([DeliveryRecord(EffectId(f"d{person}{at}"), person, "sent", at)])


async def add_turn(engines: Engines, person: PersonId, at: float) -> None:
    household = [Member("1", "Amma")] if person == asha() else []
    session = Session(person, version=1, household=household, members_ever=2 if household else 0)
    await engines.store.append_journal([JournalEntry(person, InputId(f"i{at}"), 1, at, "text", session)])


async def add_link(engines: Engines, person: PersonId, at: float) -> None:
    await engines.store.link(LID, PHONE)


async def add_fast_link(engines: Engines, person: PersonId, at: float) -> None:
    await engines.directory.link(LID, PHONE)


async def add_file(engines: Engines, person: PersonId, at: float) -> None:
    data = f"report {person} {at}".encode()
    await engines.media.put(data, mime="image/png", person=person, now=at, keep_seconds=None)


async def add_session(engines: Engines, person: PersonId, at: float) -> None:
    await engines.sessions.commit(Session(person, version=1), InputId("i"), [], now=at)


async def add_send(engines: Engines, person: PersonId, at: float) -> None:
    await engines.deliveries.sent(person, EffectId("e"), GatewayId("g"), now=at)


async def add_spent(engines: Engines, person: PersonId, at: float) -> None:
    await engines.budget.reserve(person, "2026-11-26", 5, person_limit=100, all_limit=100_000)


async def add_timer(engines: Engines, person: PersonId, at: float) -> None:
    await engines.timers.set(WakeAt(EffectId("w"), person, at + 1e6))


async def add_parked(engines: Engines, person: PersonId, at: float) -> None:
    await park(engines, Envelope(id=f"p{person}{at}", key=person, body=b"my words", at=at))


async def park(engines: Engines, envelope: Envelope) -> None:
    await engines.bus.declare([QueueSpec("turns.0", ordered=True)])
    await engines.bus.publish("turns.0", envelope)
    async with engines.bus.subscribe("turns.0", prefetch=1) as subscription:
        await subscription.park(await subscription.get(), "made", "")


PLANTS: dict[str, tuple[Plant, str]] = {
    "reading": (add_reading, "readings/glucose"),
    "use of a model": (add_use, "records/llm_use"),
    "open reminder": (add_reminder, "documents/reminder"),
    "delivery": (add_delivery, "deliveries/"),
    "turn": (add_turn, "journal/text"),
    "link": (add_link, "links/"),
    "link in Redis": (add_fast_link, "links/"),
    "file": (add_file, "media/image/png"),
    "session": (add_session, "state/s"),
    "send": (add_send, "state/d"),
    "budget": (add_spent, "state/$"),
    "timer": (add_timer, "timers/"),
    "parked": (add_parked, "parked/turns.0"),
}


async def left(engines: Engines, person: PersonId | None = None) -> set[str]:
    found = await find_remains(engines, RULES, person or asha())
    return {f"{one.remain.place}/{one.remain.kind}" for one in found.left}
