"""The durable record (MongoDB, or SQLite in the embedded form). Every write is idempotent on its id.

Every method raises StoreUnavailable when the engine does not answer in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct

from bot.model.effects import Record, WakeAt
from bot.model.ids import EffectId, GatewayId, InputId, PersonId
from bot.model.session import Session
from bot.ports.audit import MarkedLog
from bot.ports.bundles import Bundles
from bot.ports.documents import Document, Documents
from bot.ports.remains import Remain


class JournalEntry(Struct, frozen=True):
    """One committed turn: what came (kind only, no words), where it led, and the session after it."""

    person: PersonId
    input_id: InputId
    version: int
    at: float
    kind: str
    session: Session
    trace: list[dict[str, Any]] = []
    wakes: list[WakeAt] = []  # wake-ups still open after the turn, so that they can be set again


class TurnNote(Struct, frozen=True):
    """What the journal says of one turn, without the session. Nobody's words are in it."""

    at: float
    person: PersonId
    input_id: InputId
    kind: str
    trace: list[dict[str, Any]] = []


class Snapshot(Struct, frozen=True):
    """The newest journalled state of a person, and the ids of their latest inputs (newest first, up to 200)."""

    session: Session
    seen: list[InputId]


class Reading(Struct, frozen=True, omit_defaults=True):
    """One measurement. ``id`` is the intent's id: a repeat stores nothing. ``value`` in the canonical unit of its kind
    (glucose: mg/dL), ``raw`` as the person wrote it."""

    id: EffectId
    person: PersonId
    kind: str
    value: float
    at: float
    context: str | None = None
    unit: str | None = None  # the unit the person used
    unit_stated: bool = False
    grade: str | None = None
    raw: str | None = None
    supersedes: EffectId | None = None  # the reading that this one corrects
    withdrawn: bool = False  # it only takes back the one that it supersedes, and is no measurement itself


def standing(readings: Iterable[Reading], limit: int) -> list[Reading]:
    """Without those that a later one corrects or takes back. Nothing is ever deleted: what was believed at a time can still be
    told."""
    every = list(readings)
    gone = {reading.supersedes for reading in every}
    return [reading for reading in every if reading.id not in gone and not reading.withdrawn][:limit]


class DeliveryRecord(Struct, frozen=True, omit_defaults=True):
    """What became of one outbound message."""

    id: EffectId
    person: PersonId
    state: str  # sent, failed, withheld
    at: float
    gateway_id: GatewayId | None = None
    code: str | None = None


Place = Literal["journal", "deliveries", "records"]
"""Where things lie that go after a time."""


class Held(Struct, frozen=True):
    """What is kept of one person, newest first. Of each sort at most as many as were asked for."""

    readings: list[Reading]
    records: list[Record]
    documents: list[Document]


class Store(Protocol):
    @property
    def bundles(self) -> Bundles:
        """What authors published."""

    @property
    def audit(self) -> MarkedLog:
        """Who did what to whose record."""

    @property
    def documents(self) -> Documents:
        """What agents keep that changes."""

    async def append_journal(self, entries: Sequence[JournalEntry]) -> None:
        """Keep turns. An entry that is there already stays as it is."""

    async def latest(self, person: PersonId) -> Snapshot | None:
        """The session after the newest journalled turn, with the inputs of the last turns; None where none is journalled."""

    async def session(self, person: PersonId) -> Session | None:
        """The newest session alone, for whoever wants to know of somebody and takes no turn."""

    async def newest_readings(self, person: PersonId, since: Mapping[str, float], limit: int) -> dict[str, list[Reading]]:
        """As ``readings``, of several kinds in one look: ``since`` by kind, ``limit`` of each."""

    async def turns(self, since: float, limit: int, after: TurnNote | None = None) -> list[TurnNote]:
        """Turns of everybody from ``since`` on, oldest first; with ``after``, those behind it. Page by page, so that a journal
        of any size is never in memory."""

    async def open_wakes(self, limit: int, after: PersonId | None = None) -> list[tuple[PersonId, list[WakeAt]]]:
        """People whose newest journal entry has open wake-ups, in order of person, after the given one."""

    async def record(self, records: Sequence[Record]) -> None:
        """Keep consents, profiles, emergencies and the like."""

    async def records(self, person: PersonId, kind: str, limit: int = 100) -> list[Record]:
        """Newest first."""

    async def people(self, kind: str) -> int:
        """How many records of this kind there are; of kinds that are kept once a person, how many people."""

    async def add_reading(self, reading: Reading) -> bool:
        """False when that id was stored before (nothing changes then)."""

    async def readings(self, person: PersonId, kind: str, *, since: float = 0.0, limit: int = 100) -> list[Reading]:
        """Newest first, without those that were corrected."""

    async def save_deliveries(self, deliveries: Sequence[DeliveryRecord]) -> None:
        """The latest word on each id wins."""

    async def delivery(self, effect: EffectId) -> DeliveryRecord | None:
        """The latest word on one outbound message; None where there is none."""

    async def link(self, lid: str, phone: str) -> None:
        """Remember that a hidden number belongs to a phone."""

    async def phone_of(self, lid: str) -> str | None:
        """Digits of the phone that a hidden number belongs to; None where no link is stored."""

    async def merge(self, old: PersonId, new: PersonId) -> None:
        """Readings, records, documents and deliveries of ``old`` become ``new``'s. Idempotent."""

    async def held(self, person: PersonId, limit: int) -> Held:
        """All readings (those that were corrected, too), records and documents of a person."""

    async def erase(
        self, person: PersonId, until: float, *, keep_records: Sequence[str] = (), keep_documents: Sequence[str] = ()
    ) -> None:
        """Delete what is kept of a person up to that moment, and of all who are reached through them: readings, records,
        documents, deliveries, journal. What came later stays, so that a repeat takes nothing from somebody who began anew; so
        do records and documents of the kinds that must be kept. Idempotent."""

    async def hidden_numbers(self, person: PersonId) -> list[str]:
        """The hidden numbers that links name for this person's phone. Looks at every link: not for a turn."""

    async def unlink(self, person: PersonId) -> None:
        """Forget those links. Idempotent."""

    async def remains(self, person: PersonId) -> list[Remain]:
        """Everything here that is of a person or of somebody who is reached through them. Changes nothing."""

    async def count_old(self, place: Place, kinds: Sequence[str], before: float) -> int:
        """How much of a place is from before a moment: of records, those of the kinds; of the journal, all but each person's
        newest entry."""

    async def drop_old(self, place: Place, kinds: Sequence[str], before: float, limit: int) -> int:
        """Delete that, at most ``limit`` at once; returns how many went."""

    async def ping(self) -> None:
        """Raises StoreUnavailable when the engine does not answer."""
