"""The audit log in MongoDB's words: an entry's number is its id, so that of several who enter at once one goes first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from bot.adapters.mongo.documents import parsed, text
from bot.audit.chain import Entry, Note, sealed


class MongoAudit:
    """Implements ``bot.ports.audit.AuditLog``. ``deadline`` bounds and translates one call of the store."""

    def __init__(self, database: Any, deadline: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._audit, self._deadline = database.audit, deadline

    async def enter(self, note: Note) -> Entry:
        async with self._deadline():
            while True:  # ends: each time round somebody else has entered theirs
                entry = sealed(note, await self._newest())
                try:
                    await self._audit.insert_one({"_id": entry.number, "note": text(note), "seal": entry.seal})
                except DuplicateKeyError:
                    continue
                return entry

    async def entries(self, after: int = 0, limit: int = 1000) -> list[Entry]:
        if limit <= 0:  # MongoDB reads 0 as "all"
            return []
        async with self._deadline():
            found = await self._audit.find({"_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit).to_list(limit)
        return [_entry(one) for one in found]

    async def newest(self) -> Entry | None:
        async with self._deadline():
            return await self._newest()

    async def _newest(self) -> Entry | None:
        found = await self._audit.find_one({}, sort=[("_id", DESCENDING)])
        return _entry(found) if found else None


def _entry(found: dict[str, Any]) -> Entry:
    return Entry(int(found["_id"]), parsed(found["note"], Note), found["seal"])
