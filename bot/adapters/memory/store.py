"""The store's methods over dictionaries. Frozen values are kept as they are; what may be changed afterwards is copied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from bot.adapters.memory.agent_documents import MemoryDocuments, settled
from bot.adapters.memory.audit import MemoryAudit
from bot.adapters.memory.bundles import MemoryBundles
from bot.audit.end import MarkedAudit
from bot.model.effects import Record, WakeAt
from bot.model.ids import EffectId, InputId, PersonId, person_of
from bot.model.session import Session
from bot.ports.audit import MarkedLog
from bot.ports.bundles import Bundles
from bot.ports.remains import Remain
from bot.ports.store import DeliveryRecord, Held, JournalEntry, Place, Reading, Snapshot, TurnNote, standing

SEEN = 200  # input ids in a snapshot


class MemoryStore:
    """Implements ``bot.ports.store.Store``. ``history=False`` keeps of each person's journal the newest entry only, as far as
    somebody who rehearses a month can afford. Sessions are kept as they come: the engine never changes one that it gave back."""

    def __init__(self, *, history: bool = True) -> None:
        self._history = history
        self.bundles: Bundles = MemoryBundles()
        self.documents = MemoryDocuments()
        self.audit: MarkedLog = MarkedAudit(MemoryAudit(), self.documents)
        self._journal: defaultdict[PersonId, dict[InputId, JournalEntry]] = defaultdict(dict)
        self._records: dict[EffectId, Record] = {}
        self._records_of: defaultdict[tuple[PersonId, str], list[EffectId]] = defaultdict(list)
        self._readings: dict[EffectId, Reading] = {}
        self._readings_of: defaultdict[tuple[PersonId, str], list[EffectId]] = defaultdict(list)
        self._deliveries: dict[EffectId, DeliveryRecord] = {}
        self._links: dict[str, str] = {}

    def clear(self) -> None:
        """Forget everybody; what was published stays."""
        self.documents.clear()
        for kept in (self._journal, self._records, self._records_of, self._readings, self._readings_of):
            kept.clear()
        self._deliveries.clear()
        self._links.clear()

    async def append_journal(self, entries: Sequence[JournalEntry]) -> None:
        for entry in entries:
            mine = self._journal[entry.person]
            if not self._history:
                if any(_age(old) > _age(entry) for old in mine.values()):
                    continue
                mine.clear()
            mine.setdefault(entry.input_id, entry)

    async def latest(self, person: PersonId) -> Snapshot | None:
        entries = sorted(self._journal.get(person, {}).values(), key=_age, reverse=True)
        return Snapshot(entries[0].session, [one.input_id for one in entries[:SEEN]]) if entries else None

    async def session(self, person: PersonId) -> Session | None:
        newest = max(self._journal.get(person, {}).values(), key=_age, default=None)
        return newest.session if newest else None

    async def turns(self, since: float, limit: int, after: TurnNote | None = None) -> list[TurnNote]:
        mark = (after.at, after.person, after.input_id) if after else (since, "", "")
        every = (entry for mine in self._journal.values() for entry in mine.values())
        found = sorted((one for one in every if _place(one) > mark), key=_place)
        return [TurnNote(one.at, one.person, one.input_id, one.kind, one.trace) for one in found[: max(0, limit)]]

    async def open_wakes(self, limit: int, after: PersonId | None = None) -> list[tuple[PersonId, list[WakeAt]]]:
        newest = [(person, max(mine.values(), key=_age).wakes) for person, mine in sorted(self._journal.items()) if mine]
        return [(person, wakes) for person, wakes in newest if wakes and person > (after or "")][: max(0, limit)]

    async def record(self, records: Sequence[Record]) -> None:
        for one in records:
            if one.id not in self._records:
                self._records[one.id] = replace(one, data=settled(one.data))
                self._records_of[one.person, one.kind].append(one.id)

    async def records(self, person: PersonId, kind: str, limit: int = 100) -> list[Record]:
        found = [self._records[id_] for id_ in self._records_of.get((person, kind), ())]
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[: max(0, limit)]

    async def people(self, kind: str) -> int:
        return sum(one.kind == kind for one in self._records.values())

    async def add_reading(self, reading: Reading) -> bool:
        if reading.id in self._readings:
            return False
        self._readings[reading.id] = reading
        self._readings_of[reading.person, reading.kind].append(reading.id)
        return True

    async def readings(self, person: PersonId, kind: str, *, since: float = 0.0, limit: int = 100) -> list[Reading]:
        found = (self._readings[id_] for id_ in self._readings_of.get((person, kind), ()))
        newest = sorted((one for one in found if one.at >= since), key=lambda one: (one.at, one.id), reverse=True)
        return standing(newest, max(0, limit))

    async def newest_readings(self, person: PersonId, since: Mapping[str, float], limit: int) -> dict[str, list[Reading]]:
        return {kind: await self.readings(person, kind, since=at, limit=limit) for kind, at in since.items()}

    async def save_deliveries(self, deliveries: Sequence[DeliveryRecord]) -> None:
        for one in deliveries:
            old = self._deliveries.get(one.id)
            if old is None or one.at >= old.at:
                self._deliveries[one.id] = one

    async def delivery(self, effect: EffectId) -> DeliveryRecord | None:
        return self._deliveries.get(effect)

    async def link(self, lid: str, phone: str) -> None:
        self._links[lid] = phone

    async def phone_of(self, lid: str) -> str | None:
        return self._links.get(lid)

    async def merge(self, old: PersonId, new: PersonId) -> None:
        self.documents.merge(old, new)
        for person, kind in [key for key in self._records_of if key[0] == old]:
            moved = self._records_of.pop((person, kind))
            self._records |= {id_: replace(self._records[id_], person=new) for id_ in moved}
            self._records_of[new, kind] += moved
        for person, kind in [key for key in self._readings_of if key[0] == old]:
            moved = self._readings_of.pop((person, kind))
            self._readings |= {id_: replace(self._readings[id_], person=new) for id_ in moved}
            self._readings_of[new, kind] += moved
        for id_, one in self._deliveries.items():
            if one.person == old:
                self._deliveries[id_] = replace(one, person=new)

    async def held(self, person: PersonId, limit: int) -> Held:
        readings = [one for one in self._readings.values() if one.person == person]
        records = [one for one in self._records.values() if one.person == person]
        most = max(0, limit)
        return Held(
            sorted(readings, key=lambda one: (one.at, one.id), reverse=True)[:most],
            sorted(records, key=lambda one: (one.at, one.id), reverse=True)[:most],
            self.documents.everything_of(person)[:most],
        )

    async def erase(
        self, person: PersonId, until: float, *, keep_records: Sequence[str] = (), keep_documents: Sequence[str] = ()
    ) -> None:
        def goes(whose: PersonId, at: float) -> bool:
            return at <= until and (whose == person or whose.startswith(f"{person}."))

        self.documents.erase(person, until, keep_documents)
        for reading in [one for one in self._readings.values() if goes(one.person, one.at)]:
            del self._readings[reading.id]
            self._readings_of[reading.person, reading.kind].remove(reading.id)
        for record in [one for one in self._records.values() if goes(one.person, one.at) and one.kind not in keep_records]:
            del self._records[record.id]
            self._records_of[record.person, record.kind].remove(record.id)
        self._deliveries = {id_: one for id_, one in self._deliveries.items() if not goes(one.person, one.at)}
        for mine in self._journal.values():
            for input_id in [entry.input_id for entry in mine.values() if goes(entry.person, entry.at)]:
                del mine[input_id]

    async def hidden_numbers(self, person: PersonId) -> list[str]:
        links = self._links.items()
        return [lid for lid, phone in links if person in (person_of(f"phone:{phone}"), person_of(f"lid:{lid}"))]

    async def unlink(self, person: PersonId) -> None:
        for lid in await self.hidden_numbers(person):
            del self._links[lid]

    async def remains(self, person: PersonId) -> list[Remain]:
        def mine(whose: PersonId) -> bool:
            return whose == person or whose.startswith(f"{person}.")

        journal = [entry for whose, entries in self._journal.items() if mine(whose) for entry in entries.values()]
        return [
            *(Remain("readings", one.kind, one.id, one.at) for one in self._readings.values() if mine(one.person)),
            *(Remain("records", one.kind, one.id, one.at) for one in self._records.values() if mine(one.person)),
            *(Remain("documents", one.kind, one.id, one.at) for one in self.documents.all_of(mine)),
            *(Remain("deliveries", "", one.id, one.at) for one in self._deliveries.values() if mine(one.person)),
            *(Remain("journal", one.kind, one.input_id, one.at) for one in journal),
            *(Remain("heads", "", whose) for whose in dict.fromkeys(one.person for one in journal)),
            *(Remain("links", "", lid) for lid in await self.hidden_numbers(person)),
        ]

    async def count_old(self, place: Place, kinds: Sequence[str], before: float) -> int:
        return len(self._old(place, kinds, before))

    async def drop_old(self, place: Place, kinds: Sequence[str], before: float, limit: int) -> int:
        gone = self._old(place, kinds, before)[: max(0, limit)]
        for one in gone:
            match one:
                case JournalEntry():
                    del self._journal[one.person][one.input_id]
                case DeliveryRecord():
                    del self._deliveries[one.id]
                case Record():
                    del self._records[one.id]
                    self._records_of[one.person, one.kind].remove(one.id)
        return len(gone)

    def _old(self, place: Place, kinds: Sequence[str], before: float) -> Sequence[JournalEntry | DeliveryRecord | Record]:
        match place:
            case "journal":
                return [
                    one
                    for mine in self._journal.values()
                    for one in mine.values()
                    if one.at < before and one.version < max(mine.values(), key=_age).version
                ]
            case "deliveries":
                return [one for one in self._deliveries.values() if one.at < before]
            case "records":
                return [one for one in self._records.values() if one.at < before and one.kind in kinds]

    async def ping(self) -> None:
        return None


def _age(entry: JournalEntry) -> tuple[int, float, str]:
    """``at`` breaks a tie of versions, which only a lost session that began anew can cause."""
    return entry.version, entry.at, entry.input_id


def _place(entry: JournalEntry) -> tuple[float, str, str]:
    return entry.at, entry.person, entry.input_id
