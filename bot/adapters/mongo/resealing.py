"""Documents sealed anew."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from pymongo import DeleteOne, ReplaceOne, UpdateOne

from bot.adapters.mongo.documents import of_delivery, of_reading, to_delivery, to_reading
from bot.adapters.mongo.remains import link_of
from bot.errors import Malformed
from bot.ports.resealing import Step
from bot.sealing.seals import Seals

BATCH = 200
MARK = "!"
# Not the audit log: it is only ever added to.
FIELDS = {
    "journal": ("session", "trace", "wakes"), "heads": ("wakes",), "records": ("doc",), "documents": ("data",),
}  # fmt: skip


class MongoResealing:
    """Implements ``bot.ports.resealing.Resealing``. ``deadline`` bounds and translates one call of the store."""

    place = "store"

    def __init__(self, database: Any, deadline: Callable[[int], AbstractAsyncContextManager[None]], seals: Seals) -> None:
        self._db, self._deadline, self._seals = database, deadline, seals

    async def steps(self) -> AsyncIterator[Step]:
        for name in (*FIELDS, "deliveries", "links"):
            after: Any = None
            while page := await self._page(name, after):
                after = page[-1]["_id"]
                yield await self._written(name, page)
        async for step in self._readings():
            yield step

    async def _page(self, name: str, after: Any) -> list[dict[str, Any]]:
        async with self._deadline(6):
            wanted = {} if after is None else {"_id": {"$gt": after}}
            return list(await self._db[name].find(wanted, sort=[("_id", 1)], limit=BATCH).to_list(BATCH))

    async def _written(self, name: str, page: list[dict[str, Any]]) -> Step:
        writes: list[Any] = []
        count = unreadable = 0
        for one in page:
            try:
                found = self._writes(name, one)
            except Malformed:
                unreadable += 1
                continue
            writes += found
            count += bool(found)
        if writes:
            async with self._deadline(6):
                await self._db[name].bulk_write(writes, ordered=True)
        return Step(count, unreadable)

    def _writes(self, name: str, one: dict[str, Any]) -> list[Any]:
        """Only where the very value that was read still stands."""
        if name == "links":
            return self._link(one)
        if name == "deliveries":
            if "doc" in one and self._seals.fresh(one["doc"]):
                return []
            return [ReplaceOne(one, of_delivery(to_delivery(one, self._seals), self._seals))]
        id_ = self._id(name, one)
        stale = {field: one[field] for field in FIELDS[name] if not self._seals.fresh(one[field])}
        fresh = {
            field: self._seals.seal(self._seals.open(held, name, id_, field), name, id_, field) for field, held in stale.items()
        }
        return [UpdateOne({"_id": one["_id"], **stale}, {"$set": fresh})] if stale else []

    def _id(self, name: str, one: dict[str, Any]) -> str:
        match name:
            case "journal":
                return f"{one['person']}/{one['input_id']}"
            case "documents":
                return f"{one['kind']}/{one['id']}"
            case _:
                return str(one["_id"])

    def _link(self, one: dict[str, Any]) -> list[Any]:
        name, held = str(one["_id"]), one["phone"]
        if self._seals.fresh(held):
            return []
        lid, phone = link_of(one, self._seals)
        blind = self._seals.blind("lid", lid)
        sealed = self._seals.seal(msgspec.json.encode((lid, phone)), "links", blind, "phone")
        if name == blind:
            return [UpdateOne(one, {"$set": {"phone": sealed}})]
        # From before there were keys: it lies under the hidden number itself.
        return [UpdateOne({"_id": blind}, {"$setOnInsert": {"phone": sealed}}, upsert=True), DeleteOne(one)]

    async def _readings(self) -> AsyncIterator[Step]:
        """A time series cannot be changed, and only what its meta names can be deleted: what is there gets a mark in its meta,
        the new ones are put beside it (reading them skips what it has had), then what has the mark goes. So what another process
        stores meanwhile with the old key, which it may not know to be old yet, stays."""
        current = self._seals.key()
        async with self._deadline(6):
            metas = await self._db.readings.aggregate([{"$group": {"_id": "$meta"}}]).to_list(None)
        for meta in (one["_id"] for one in metas):
            if meta.get("key") == current:
                continue
            here = {"meta.person": meta["person"], "meta.kind": meta["kind"], "meta.key": meta.get("key", {"$exists": False})}
            mine = here | {"meta.key": f"{meta.get('key', '')}{MARK}"}
            async with self._deadline(6):
                await self._db.readings.update_many(here, {"$set": {"meta.key": mine["meta.key"]}})
                found = await self._db.readings.find(mine).to_list(None)
                try:
                    fresh = [of_reading(to_reading(one, self._seals), self._seals) for one in found]
                except Malformed:
                    yield Step(0, len(found))
                    continue
                if fresh:
                    await self._db.readings.insert_many(fresh)
                    await self._db.readings.delete_many(mine)
            yield Step(len(fresh))
