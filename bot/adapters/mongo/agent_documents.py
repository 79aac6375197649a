"""Documents of the agents in MongoDB's words. ``data`` is a JSON text: what agents keep need not be a BSON document."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from pymongo import ASCENDING, DESCENDING
from pymongo.errors import DuplicateKeyError

from bot.adapters.mongo.documents import parsed
from bot.adapters.readable import readable
from bot.model.ids import PersonId
from bot.ports.documents import Document
from bot.sealing.seals import Seals


class MongoDocuments:
    """Implements ``bot.ports.documents.Documents``. ``deadline`` bounds and translates one call of the store."""

    def __init__(self, database: Any, deadline: Callable[[], AbstractAsyncContextManager[None]], seals: Seals) -> None:
        self._documents = database.documents
        self._deadline, self._seals = deadline, seals

    async def get(self, kind: str, id_: str) -> Document | None:
        async with self._deadline():
            found = await self._documents.find_one({"_id": {"kind": kind, "id": id_}})
        return None if found is None else document_of(found, self._seals)

    async def save(self, document: Document) -> bool:
        one = document
        data = self._seals.seal(msgspec.json.encode(one.data), "documents", f"{one.kind}/{one.id}", "data")
        due = None if one.due is None else float(one.due)
        fields = {"at": one.at, "version": one.version + 1, "due": due, "state": one.state, "data": data}
        key = {"kind": one.kind, "id": one.id}
        async with self._deadline():
            if one.version == 0:
                try:
                    await self._documents.insert_one({"_id": key, **key, "person": one.person, **fields})
                except DuplicateKeyError:
                    return False
                return True
            # The person is left alone: a merge may have changed it since it was read.
            changed = await self._documents.update_one({"_id": key, "version": one.version}, {"$set": fields})
        return bool(changed.modified_count)

    async def of(self, person: PersonId, kind: str, limit: int = 100) -> list[Document]:
        return await self._found({"person": person, "kind": kind}, [("at", DESCENDING), ("id", DESCENDING)], limit)

    async def listed(self, kind: str, *, state: str | None = None, limit: int = 100, after: str | None = None) -> list[Document]:
        wanted: dict[str, Any] = {"kind": kind, "id": {"$gt": after or ""}}
        if state is not None:
            wanted["state"] = state
        return await self._found(wanted, [("id", ASCENDING)], limit)

    async def claim_due(self, kinds: Sequence[str], now: float, limit: int, lease: float) -> list[Document]:
        taken: list[Document] = []
        wanted = due_by(kinds, now)
        async with self._deadline():
            while len(taken) < limit:  # again where others took some of them between the look and the claim
                seen = self._documents.find(wanted, {"_id": 1}, sort=[("due", ASCENDING)], limit=limit - len(taken))
                ids = [one["_id"] async for one in seen]
                if not ids:
                    break
                mark = secrets.token_hex(8)
                which = {"_id": {"$in": ids}, "due": {"$type": "double", "$lte": now}}
                claimed = await self._documents.update_many(which, {"$set": {"due": now + lease, "claim": mark}})
                if claimed.modified_count:
                    found = await self._documents.find({"_id": {"$in": ids}, "claim": mark}).to_list(None)
                    taken += readable(found, lambda one: document_of(one, self._seals), "due document")
        return taken

    async def _found(self, wanted: dict[str, Any], order: list[tuple[str, int]], limit: int) -> list[Document]:
        if limit <= 0:  # MongoDB reads 0 as "all"
            return []
        async with self._deadline():
            found = await self._documents.find(wanted, sort=order, limit=limit).to_list(limit)
        return [document_of(one, self._seals) for one in found]


def due_by(kinds: Sequence[str], now: float) -> dict[str, Any]:
    """What is due. It names the type, because only then MongoDB looks into the index of what has a time at all; without it, a
    claim among 200,000 walked and sorted all of them, for two seconds."""
    return {"kind": {"$in": list(kinds)}, "due": {"$type": "double", "$lte": now}}


def document_of(found: dict[str, Any], seals: Seals) -> Document:
    data = seals.open(found["data"], "documents", f"{found['kind']}/{found['id']}", "data")
    return Document(
        found["kind"], found["id"], PersonId(found["person"]), found["at"], found["version"], found["due"], found["state"],
        parsed(data, dict[str, Any]),
    )  # fmt: skip
