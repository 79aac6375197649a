"""All collections as they lie there, byte for byte: what is encrypted stays so, and a new collection comes along by itself.

The journal goes first and ends at the cut; everything else is read after it, so that what the turns of the journal led to is in.
The audit log goes after the documents, of which one marks its end. Keys of what is encrypted go last, so that there is one for
everything that was read before.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bson.raw_bson import RawBSONDocument
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import ConfigurationError

from bot.adapters.mongo.collections import prepare
from bot.adapters.mongo.trouble import translating
from bot.audit.end import KIND as AUDIT_END
from bot.errors import ConfigError
from bot.ports.dump import LATER, Frame

BATCH = 1000
PATIENCE = 30.0
"""Seconds without an answer; a whole collection may take longer."""
HELD = ("journal", "records", "documents", "deliveries", "reading_ids")
"""Collections that are empty where there is no service yet. (Each start enters something into the others.)"""
KEYS = "data_keys"
MADE_AT_A_START = ("about", "bundles", "publications", KEYS)


class MongoDump:
    """Implements ``bot.ports.dump.Dump``."""

    part = "mongo"

    def __init__(self, database: Any) -> None:
        self._db = database
        self._batches: dict[str, list[RawBSONDocument]] = {}
        self._later: list[str] = []

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, database: str) -> AsyncIterator[MongoDump]:
        """Raises ConfigError for an address that cannot be read, StoreUnavailable when there is no primary."""
        milliseconds = int(PATIENCE * 1000)
        try:
            client: Any = AsyncIOMotorClient(
                url, document_class=RawBSONDocument, serverSelectionTimeoutMS=milliseconds, w="majority", appname="procare backup"
            )
        except (ConfigurationError, ValueError) as error:
            raise ConfigError("The address of MongoDB cannot be used.", code="mongo_address") from error
        try:
            with translating():
                yield cls(client.get_database(database))
        finally:
            client.close()

    async def frames(self, cut: float) -> AsyncIterator[Frame]:
        async for frame in self._found("journal", {"at": {"$lte": cut}}):
            yield frame
        async for frame in self._found("heads", {}):
            yield frame
        for person in await self._db.journal.distinct("person", {"at": {"$gt": cut}}):
            yield Frame(self.part, LATER, str(person).encode())
        there = set(await self._db.list_collection_names(filter={"name": {"$not": {"$regex": "^system\\."}}}))
        for name in (*sorted(there - {"journal", "heads", "audit", KEYS}), "audit", KEYS):
            async for frame in self._found(name, {}):
                yield frame

    async def empty(self) -> bool:
        return not any([await self._db[name].find_one({"kind": {"$ne": AUDIT_END}}) for name in HELD])

    async def load(self, frame: Frame) -> None:
        if frame.name == LATER:
            self._later.append(frame.data.decode())
            return
        if not self._batches:
            await prepare(self._db)  # before the first: a time series has to be made as one
        batch = self._batches.setdefault(frame.name, [])
        batch.append(RawBSONDocument(frame.data))
        if len(batch) >= BATCH:
            await self._write(frame.name)

    async def loaded(self) -> None:
        for name in self._batches:
            await self._write(name)
        await self._db.heads.delete_many({"_id": {"$in": self._later}})
        await prepare(self._db)  # a backup of an older release is brought to our form

    async def _write(self, name: str) -> None:
        batch, self._batches[name] = self._batches[name], []
        if name in MADE_AT_A_START:
            for one in batch:
                await self._db[name].replace_one({"_id": one["_id"]}, one, upsert=True)
        elif batch:
            await self._db[name].insert_many(batch)

    async def _found(self, name: str, wanted: dict[str, Any]) -> AsyncIterator[Frame]:
        async for document in self._db[name].find(wanted, batch_size=BATCH):
            yield Frame(self.part, name, bytes(document.raw))
