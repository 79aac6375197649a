"""Documents whose ids of people are put into other words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from pymongo import DeleteOne, ReplaceOne

from bot.errors import Malformed
from bot.migrations.kinds import OURS
from bot.ports.moving import Names
from bot.ports.resealing import Step
from bot.sealing.seals import Seals

BATCH = 200
SEALED = {
    "journal": ("session", "trace", "wakes"), "heads": ("wakes",), "records": ("doc",), "documents": ("data",),
    "deliveries": ("doc",), "reading_ids": (), "readings": ("doc",),
}  # fmt: skip
"""By collection: what is sealed in it."""


class MongoMoving:
    """Implements ``bot.ports.moving.Moving``. Links lie under blind names and hold no ids; the audit log stays as it is."""

    place = "store"

    def __init__(self, database: Any, deadline: Callable[[int], AbstractAsyncContextManager[None]], seals: Seals) -> None:
        self._db, self._deadline, self._seals = database, deadline, seals

    async def steps(self, names: Names, *, write: bool) -> AsyncIterator[Step]:
        for collection in (name for name in SEALED if name != "readings"):
            after: Any = None
            while page := await self._page(collection, after):
                after = page[-1]["_id"]
                yield await self._moved(collection, page, names, write)
        async for step in self._readings(names, write):
            yield step

    async def _page(self, name: str, after: Any) -> list[dict[str, Any]]:
        async with self._deadline(6):
            wanted = {} if after is None else {"_id": {"$gt": after}}
            return list(await self._db[name].find(wanted, sort=[("_id", 1)], limit=BATCH).to_list(BATCH))

    async def _moved(self, name: str, page: list[dict[str, Any]], names: Names, write: bool) -> Step:
        writes: list[Any] = []
        count = unreadable = 0
        for one in page:
            if name == "documents" and one["kind"] in OURS:
                continue
            try:
                after = self._renamed(name, one, names)
            except Malformed:
                unreadable += 1
                continue
            if after is None:
                continue
            count += 1
            if after["_id"] == one["_id"]:
                writes.append(ReplaceOne({"_id": one["_id"]}, after))
            else:  # in this order: broken off in between, it is done once more
                writes += [ReplaceOne({"_id": after["_id"]}, after, upsert=True), DeleteOne({"_id": one["_id"]})]
        if writes and write:
            await names.settle()
            async with self._deadline(6):
                await self._db[name].bulk_write(writes, ordered=True)
        return Step(count, unreadable)

    async def _readings(self, names: Names, write: bool) -> AsyncIterator[Step]:
        """A time series cannot be changed, and only what its meta names can be deleted: the new ones are put beside the old ones
        (reading them skips what it has had), then those go."""
        async with self._deadline(6):
            metas = await self._db.readings.aggregate([{"$group": {"_id": "$meta"}}]).to_list(None)
        for meta in (one["_id"] for one in metas):
            if names.text(meta["person"]) == meta["person"]:
                continue
            mine = {"meta.person": meta["person"], "meta.kind": meta["kind"], "meta.key": meta.get("key", {"$exists": False})}
            async with self._deadline(6):
                found = await self._db.readings.find(mine).to_list(None)
            fresh, unreadable = [], 0
            for one in found:
                try:
                    after = self._renamed("readings", one, names)
                except Malformed:
                    unreadable += 1
                    continue
                if after is not None:
                    meta_after = after["meta"] | ({"key": self._seals.key()} if "doc" in after else {})
                    fresh.append({name: value for name, value in after.items() if name != "_id"} | {"meta": meta_after})
            if unreadable:  # they can only go together
                yield Step(0, unreadable)
                continue
            if write and fresh:
                await names.settle()
                async with self._deadline(6):
                    await self._db.readings.insert_many(fresh)
                    await self._db.readings.delete_many(mine)
            yield Step(len(fresh))

    def _renamed(self, name: str, one: dict[str, Any], names: Names) -> dict[str, Any] | None:
        """None where nothing is to be changed. What is sealed is bound to the document's name, and so sealed anew with it."""
        sealed = [field for field in SEALED[name] if field in one]  # readings and deliveries of before there were keys have none
        plain: dict[str, Any] = _in_other_words({field: value for field, value in one.items() if field not in sealed}, names)
        before, after = _id(name, one), _id(name, plain)
        opened = {field: self._seals.open(one[field], name, before, field) for field in sealed}
        renamed = {field: names.raw(value) for field, value in opened.items()}
        if renamed == opened and all(plain[field] == one[field] for field in plain):
            return None
        return plain | {field: self._seals.seal(value, name, after, field) for field, value in renamed.items()}


def _in_other_words(value: Any, names: Names) -> Any:
    if isinstance(value, str):
        return names.text(value)
    if isinstance(value, dict):
        return {name: _in_other_words(inner, names) for name, inner in value.items()}
    return value


def _id(name: str, one: dict[str, Any]) -> str:
    match name:
        case "journal":
            return f"{one['person']}/{one['input_id']}"
        case "documents":
            return f"{one['kind']}/{one['id']}"
        case "readings":
            return str(one["id"])
        case _:
            return str(one["_id"])
