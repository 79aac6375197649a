"""Documents of the agents in MongoDB's words. ``data`` is a JSON text: what agents keep need not be a BSON document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.errors import DuplicateKeyError

from bot.adapters.mongo.documents import parsed
from bot.model.ids import PersonId
from bot.ports.documents import Document


class MongoDocuments:
    """Implements ``bot.ports.documents.Documents``. ``deadline`` bounds and translates one call of the store."""

    def __init__(self, database: Any, deadline: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._documents = database.documents
        self._deadline = deadline

    async def get(self, kind: str, id_: str) -> Document | None:
        async with self._deadline():
            found = await self._documents.find_one({"_id": {"kind": kind, "id": id_}})
        return None if found is None else document_of(found)

    async def save(self, document: Document) -> bool:
        one = document
        data = msgspec.json.encode(one.data).decode()
        fields = {"at": one.at, "version": one.version + 1, "due": one.due, "state": one.state, "data": data}
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
        wanted = {"kind": {"$in": list(kinds)}, "due": {"$lte": now}}
        async with self._deadline():
            while len(taken) < limit:  # one at a time: MongoDB has no "update some and return them"
                found = await self._documents.find_one_and_update(
                    wanted, {"$set": {"due": now + lease}}, sort=[("due", ASCENDING)], return_document=ReturnDocument.AFTER
                )
                if found is None:
                    break
                taken.append(document_of(found))
        return taken

    async def _found(self, wanted: dict[str, Any], order: list[tuple[str, int]], limit: int) -> list[Document]:
        if limit <= 0:  # MongoDB reads 0 as "all"
            return []
        async with self._deadline():
            found = await self._documents.find(wanted, sort=order, limit=limit).to_list(limit)
        return [document_of(one) for one in found]


def document_of(found: dict[str, Any]) -> Document:
    return Document(
        found["kind"], found["id"], PersonId(found["person"]), found["at"], found["version"], found["due"], found["state"],
        parsed(found["data"], dict[str, Any]),
    )  # fmt: skip
