"""Published content in MongoDB's words. What may be current is changed in transactions, so that no bundle goes that is needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError, PyMongoError

from bot.adapters.mongo.documents import converted
from bot.errors import ConfigError, Conflict
from bot.ports.bundles import Kept, Publication

NEWEST = [("_id", DESCENDING)]


class MongoBundles:
    """Implements ``bot.ports.bundles.Bundles``. ``deadline`` bounds and translates one call of the store."""

    def __init__(self, database: Any, deadline: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._db = database
        self._deadline = deadline

    async def keep(self, version: str, packed: bytes, *, at: float) -> None:
        once = {"packed": packed, "size": len(packed), "published": 0}
        async with self._deadline():
            await self._db.bundles.update_one({"_id": version}, {"$setOnInsert": once, "$max": {"at": at}}, upsert=True)

    async def bundle(self, version: str) -> bytes | None:
        async with self._deadline():
            found = await self._db.bundles.find_one({"_id": version}, {"packed": 1})
        return None if found is None else bytes(found["packed"])

    async def kept(self) -> list[Kept]:
        async with self._deadline():
            order = [("at", DESCENDING), ("_id", 1)]
            found = await self._db.bundles.find({}, {"at": 1, "size": 1}, sort=order).to_list(None)
        return [Kept(document["_id"], document["at"], document["size"]) for document in found]

    async def publish(self, publication: Publication) -> None:
        fields = {"_id": publication.number, "version": publication.version, "at": publication.at, "by": publication.by}
        fields |= {"note": publication.note, "back": publication.back}
        async with self._deadline(), self._transaction() as session:
            # Written, not only read: a transaction that removes this bundle at the same time then conflicts with this one.
            counted = {"$inc": {"published": 1}}
            touched = await self._db.bundles.update_one({"_id": publication.version}, counted, session=session)
            if touched.matched_count == 0:
                raise ConfigError(f"There is no bundle {publication.version}.", code="bundle_missing")
            last = await self._db.publications.find_one({}, {"_id": 1}, sort=NEWEST, session=session)
            if publication.number != (last["_id"] if last else 0) + 1:
                raise Conflict("Somebody else published in between.", code="published_meanwhile")
            await self._db.publications.insert_one(fields, session=session)

    async def history(self, limit: int = 50) -> list[Publication]:
        if limit <= 0:  # MongoDB reads 0 as "all"
            return []
        async with self._deadline():
            found = await self._db.publications.find({}, sort=NEWEST, limit=limit).to_list(limit)
        return [converted({"number": document.pop("_id"), **document}, Publication) for document in found]

    async def forget(self, version: str) -> bool:
        async with self._deadline(), self._transaction() as session:
            newest = await self._db.publications.find({}, {"version": 1}, sort=NEWEST, limit=2, session=session).to_list(2)
            if version in [document["version"] for document in newest]:
                return False
            gone = await self._db.bundles.delete_one({"_id": version}, session=session)
        return bool(gone.deleted_count)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Any]:
        try:
            async with await self._db.client.start_session() as session, session.start_transaction():
                yield session
        except DuplicateKeyError as error:
            raise Conflict("Somebody else published in between.", code="published_meanwhile") from error
        except PyMongoError as error:
            if error.has_error_label("TransientTransactionError"):
                raise Conflict("Somebody else changed the publications at the same time.", code="published_meanwhile") from error
            raise
