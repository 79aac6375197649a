"""The audit log in MongoDB's words: an entry's number is its id, so that of several who enter at once one goes first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from bot.adapters.mongo.documents import parsed
from bot.audit.chain import Entry, Note, sealed
from bot.sealing.seals import Seals


class MongoAudit:
    """Implements ``bot.ports.audit.AuditLog``. ``deadline`` bounds and translates one call of the store."""

    def __init__(self, database: Any, deadline: Callable[[], AbstractAsyncContextManager[None]], seals: Seals) -> None:
        self._audit, self._deadline, self._seals = database.audit, deadline, seals

    async def enter(self, note: Note) -> Entry:
        async with self._deadline():
            while True:  # ends: each time round somebody else has entered theirs
                entry = sealed(note, await self._newest())
                try:
                    held = self._seals.seal(msgspec.json.encode(note), "audit", str(entry.number), "note")
                    await self._audit.insert_one({"_id": entry.number, "note": held, "seal": entry.seal})
                except DuplicateKeyError:
                    continue
                return entry

    async def entries(self, after: int = 0, limit: int = 1000) -> list[Entry]:
        if limit <= 0:  # MongoDB reads 0 as "all"
            return []
        async with self._deadline():
            found = await self._audit.find({"_id": {"$gt": after}}, sort=[("_id", 1)], limit=limit).to_list(limit)
        return [self._entry(one) for one in found]

    async def newest(self) -> Entry | None:
        async with self._deadline():
            return await self._newest()

    async def _newest(self) -> Entry | None:
        found = await self._audit.find_one({}, sort=[("_id", DESCENDING)])
        return self._entry(found) if found else None

    def _entry(self, found: dict[str, Any]) -> Entry:
        note = parsed(self._seals.open(found["note"], "audit", str(found["_id"]), "note"), Note)
        return Entry(int(found["_id"]), note, found["seal"])
