"""The store's methods in MongoDB's words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import DESCENDING, InsertOne
from pymongo.errors import ConfigurationError
from pymongo.write_concern import WriteConcern

from bot.adapters.mongo.agent_documents import MongoDocuments, document_of
from bot.adapters.mongo.audit import MongoAudit
from bot.adapters.mongo.bundles import MongoBundles
from bot.adapters.mongo.collections import prepare
from bot.adapters.mongo.documents import (
    encoded,
    of_delivery,
    of_entry,
    of_record,
    parsed,
    to_delivery,
    to_note,
    to_reading,
    to_record,
    unless_newer,
)
from bot.adapters.mongo.erasing import erase_person
from bot.adapters.mongo.keys import MongoKeys
from bot.adapters.mongo.moving import MongoMoving
from bot.adapters.mongo.old import old_ones
from bot.adapters.mongo.readings import add_once, newest
from bot.adapters.mongo.remains import link_of, links_of, remains_of
from bot.adapters.mongo.resealing import MongoResealing
from bot.adapters.mongo.trouble import duplicates_are_fine, translating
from bot.adapters.readable import readable
from bot.audit.end import MarkedAudit
from bot.errors import ConfigError, StoreUnavailable
from bot.model.codec import decode_session
from bot.model.effects import Record, WakeAt
from bot.model.ids import EffectId, InputId, PersonId
from bot.model.session import Session
from bot.ports.audit import MarkedLog
from bot.ports.bundles import Bundles
from bot.ports.documents import Documents
from bot.ports.keys import KeyPlace
from bot.ports.moving import Moving
from bot.ports.remains import Remain
from bot.ports.resealing import Resealing
from bot.ports.store import DeliveryRecord, Held, JournalEntry, Place, Reading, Snapshot, TurnNote
from bot.sealing.seals import UNSEALED, Seals

SEEN = 200  # input ids in a snapshot
NEWEST = [("version", DESCENDING), ("at", DESCENDING)]
SAFE = WriteConcern(w="majority", j=True)  # "stored" means: on the disks of most members


class MongoStore:
    """Implements ``bot.ports.store.Store``."""

    def __init__(self, database: Any, timeout: float, seals: Seals) -> None:
        self._db = database
        self._timeout = timeout
        self._seals = seals
        self.keys: KeyPlace = MongoKeys(database, self._deadline)
        self.resealing: Resealing = MongoResealing(database, self._deadline, seals)
        self.moving: Moving = MongoMoving(database, self._deadline, seals)
        self._reading_ids = database.get_collection("reading_ids", write_concern=WriteConcern(w=1))
        self.bundles: Bundles = MongoBundles(database, self._deadline)
        self.documents: Documents = MongoDocuments(database, self._deadline, seals)
        self.audit: MarkedLog = MarkedAudit(MongoAudit(database, self._deadline, seals), self.documents)

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, database: str, *, seals: Seals = UNSEALED, timeout: float = 5.0) -> AsyncIterator[MongoStore]:
        """``timeout``: seconds for one call. Raises StoreUnavailable when no primary is found in that time, and ConfigError
        for an address that cannot be read or a database of a newer release."""
        try:
            client: Any = AsyncIOMotorClient(
                url,
                serverSelectionTimeoutMS=int(timeout * 600),
                connectTimeoutMS=int(timeout * 600),
                timeoutMS=int(timeout * 900),
                appname="procare",
            )
        except (ConfigurationError, ValueError) as error:  # InvalidURI is one; the address may hold a password: not told
            raise ConfigError("The address of MongoDB cannot be used.", code="mongo_address") from error
        try:
            store = cls(client.get_database(database, write_concern=SAFE), timeout, seals)
            async with store._deadline(factor=6):  # making collections and indexes once takes longer than a call
                await prepare(store._db)
            yield store
        finally:
            client.close()

    async def append_journal(self, entries: Sequence[JournalEntry]) -> None:
        if not entries:
            return
        async with self._deadline():
            with duplicates_are_fine():
                await self._db.journal.bulk_write([InsertOne(of_entry(entry, self._seals)) for entry in entries], ordered=False)
            # After the journal: when we stop between the two, the turn was not acknowledged and its repeat comes here again.
            newest = {entry.person: entry for entry in sorted(entries, key=lambda entry: entry.version)}
            heads = [
                unless_newer(
                    entry.person,
                    "version",
                    {"version": entry.version, "wakes": self._wakes(entry), "open": bool(entry.wakes)},
                )
                for entry in newest.values()
            ]
            await self._db.heads.bulk_write(heads, ordered=False)

    async def latest(self, person: PersonId) -> Snapshot | None:
        async with self._deadline():
            session = await self._newest_session(person)
            if session is None:
                return None
            ids = self._db.journal.find({"person": person}, {"input_id": 1, "_id": 0}, sort=NEWEST, limit=SEEN)
            seen = [InputId(document["input_id"]) for document in await ids.to_list(SEEN)]
        return Snapshot(session, seen)

    async def session(self, person: PersonId) -> Session | None:
        async with self._deadline():
            return await self._newest_session(person)

    async def turns(self, since: float, limit: int, after: TurnNote | None = None) -> list[TurnNote]:
        wanted: dict[str, Any] = {"at": {"$gte": since}}
        if after is not None:
            same = {"at": after.at, "person": after.person, "input_id": {"$gt": after.input_id}}
            wanted = {"$or": [{"at": {"$gt": after.at}}, {"at": after.at, "person": {"$gt": after.person}}, same]}
        order = [("at", 1), ("person", 1), ("input_id", 1)]
        found = await self._found(self._db.journal, wanted, order, limit, {"session": 0, "wakes": 0})
        return [to_note(document, self._seals) for document in found]

    async def open_wakes(self, limit: int, after: PersonId | None = None) -> list[tuple[PersonId, list[WakeAt]]]:
        found = await self._found(self._db.heads, {"open": True, "_id": {"$gt": after or ""}}, [("_id", 1)], limit)

        def read(one: dict[str, Any]) -> tuple[PersonId, list[WakeAt]]:
            return PersonId(one["_id"]), parsed(self._seals.open(one["wakes"], "heads", one["_id"], "wakes"), list[WakeAt])

        return readable(found, read, "open timers")

    async def record(self, records: Sequence[Record]) -> None:
        if not records:
            return
        async with self._deadline():
            with duplicates_are_fine():
                inserts = [InsertOne(of_record(record, self._seals)) for record in records]
                await self._db.records.bulk_write(inserts, ordered=False)

    async def records(self, person: PersonId, kind: str, limit: int = 100) -> list[Record]:
        order = [("at", DESCENDING), ("_id", DESCENDING)]
        found = await self._found(self._db.records, {"person": person, "kind": kind}, order, limit)
        return [to_record(one, self._seals) for one in found]

    async def people(self, kind: str) -> int:
        async with self._deadline():
            return int(await self._db.records.count_documents({"kind": kind}))

    async def add_reading(self, reading: Reading) -> bool:
        async with self._deadline():
            return await add_once(self._db.readings, self._reading_ids, reading, self._seals)

    async def readings(self, person: PersonId, kind: str, *, since: float = 0.0, limit: int = 100) -> list[Reading]:
        return (await self.newest_readings(person, {kind: since}, limit))[kind]

    async def newest_readings(self, person: PersonId, since: Mapping[str, float], limit: int) -> dict[str, list[Reading]]:
        async with self._deadline():
            return await newest(self._db.readings, person, since, limit, self._seals)

    async def save_deliveries(self, deliveries: Sequence[DeliveryRecord]) -> None:
        if not deliveries:
            return
        latest = {delivery.id: delivery for delivery in sorted(deliveries, key=lambda delivery: delivery.at)}
        words = [unless_newer(delivery.id, "at", of_delivery(delivery, self._seals)) for delivery in latest.values()]
        async with self._deadline():
            await self._db.deliveries.bulk_write(words, ordered=False)

    async def delivery(self, effect: EffectId) -> DeliveryRecord | None:
        async with self._deadline():
            found = await self._db.deliveries.find_one({"_id": effect})
        return None if found is None else to_delivery(found, self._seals)

    async def link(self, lid: str, phone: str) -> None:
        name = self._seals.blind("lid", lid)
        held = self._seals.seal(encoded((lid, phone)), "links", name, "phone")
        async with self._deadline():
            await self._db.links.update_one({"_id": name}, {"$set": {"phone": held}}, upsert=True)
            if name != lid:
                await self._db.links.delete_one({"_id": lid})  # from before there were keys

    async def phone_of(self, lid: str) -> str | None:
        async with self._deadline():
            found = await self._db.links.find_one({"_id": {"$in": [self._seals.blind("lid", lid), lid]}})
        return None if found is None else link_of(found, self._seals)[1]

    async def merge(self, old: PersonId, new: PersonId) -> None:
        async with self._deadline():
            # Not one transaction: a time series takes part in none. Each step can be repeated, and a merge that failed is.
            await self._db.readings.update_many({"meta.person": old}, {"$set": {"meta.person": new}})
            await self._db.records.update_many({"person": old}, {"$set": {"person": new}})
            await self._db.deliveries.update_many({"person": old}, {"$set": {"person": new}})
            await self._db.documents.update_many({"person": old}, {"$set": {"person": new}})

    async def held(self, person: PersonId, limit: int) -> Held:
        order = [("at", DESCENDING), ("_id", DESCENDING)]
        readings = await self._found(self._db.readings, {"meta.person": person}, [("at", DESCENDING), ("id", DESCENDING)], limit)
        unique = {document["id"]: document for document in readings}
        records = await self._found(self._db.records, {"person": person}, order, limit)
        documents = await self._found(self._db.documents, {"person": person}, order, limit)
        return Held(
            [to_reading(one, self._seals) for one in unique.values()],
            [to_record(one, self._seals) for one in records],
            [document_of(one, self._seals) for one in documents],
        )

    async def erase(
        self, person: PersonId, until: float, *, keep_records: Sequence[str] = (), keep_documents: Sequence[str] = ()
    ) -> None:
        async with self._deadline(factor=3):
            await erase_person(self._db, person, until, keep_records=keep_records, keep_documents=keep_documents)

    async def hidden_numbers(self, person: PersonId) -> list[str]:
        async with self._deadline(factor=3):
            return [lid for _, lid in await links_of(self._db, person, self._seals)]

    async def unlink(self, person: PersonId) -> None:
        async with self._deadline(factor=3):
            names = [name for name, _ in await links_of(self._db, person, self._seals)]
            await self._db.links.delete_many({"_id": {"$in": names}})

    async def remains(self, person: PersonId) -> list[Remain]:
        async with self._deadline(factor=3):
            return await remains_of(self._db, person, self._seals)

    async def count_old(self, place: Place, kinds: Sequence[str], before: float) -> int:
        async with self._deadline(factor=6):
            counted = await self._db[place].aggregate([*old_ones(place, kinds, before), {"$count": "count"}]).to_list(1)
        return int(counted[0]["count"]) if counted else 0

    async def drop_old(self, place: Place, kinds: Sequence[str], before: float, limit: int) -> int:
        if limit <= 0:
            return 0
        steps = [*old_ones(place, kinds, before), {"$limit": limit}, {"$project": {"_id": 1}}]
        async with self._deadline(factor=6):
            ids = [one["_id"] async for one in self._db[place].aggregate(steps)]
            return int((await self._db[place].delete_many({"_id": {"$in": ids}})).deleted_count) if ids else 0

    async def ping(self) -> None:
        async with self._deadline():
            await self._db.client.admin.command("ping")

    async def _newest_session(self, person: PersonId) -> Session | None:
        head = await self._db.journal.find_one({"person": person}, {"session": 1, "input_id": 1}, sort=NEWEST)
        if head is None:
            return None
        return decode_session(self._seals.open(head["session"], "journal", f"{person}/{head['input_id']}", "session"))

    def _wakes(self, entry: JournalEntry) -> bytes:
        return self._seals.seal(encoded(entry.wakes), "heads", entry.person, "wakes")

    async def _found(
        self,
        collection: Any,
        wanted: dict[str, Any],
        order: list[tuple[str, int]],
        limit: int,
        parts: dict[str, int] | None = None,
    ) -> list[Any]:
        if limit <= 0:  # MongoDB reads 0 as "all"
            return []
        async with self._deadline():
            return list(await collection.find(wanted, parts, sort=order, limit=limit).to_list(limit))

    @asynccontextmanager
    async def _deadline(self, factor: int = 1) -> AsyncIterator[None]:
        try:
            with translating():
                async with asyncio.timeout(self._timeout * factor):
                    yield
        except TimeoutError as error:
            raise StoreUnavailable(code="mongo_timeout") from error
