"""Wrapped keys in MongoDB's words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import msgspec
from pymongo.errors import DuplicateKeyError, OperationFailure

from bot.adapters.mongo.collections import FORBIDDEN
from bot.adapters.mongo.documents import converted
from bot.errors import StoreUnavailable
from bot.ports.keys import WrappedKey


class MongoKeys:
    """Implements ``bot.ports.keys.KeyPlace``. ``deadline`` bounds and translates one call of the store."""

    def __init__(self, database: Any, deadline: Callable[[], AbstractAsyncContextManager[None]]) -> None:
        self._db, self._keys, self._deadline = database, database.data_keys, deadline

    async def wrapped(self, tenant: str) -> list[WrappedKey]:
        async with self._deadline():
            order = [("purpose", 1), ("number", 1)]
            found = await self._keys.find({"tenant": tenant}, {"_id": 0}, sort=order).to_list(None)
        return [converted(one, WrappedKey) for one in found]

    async def add(self, key: WrappedKey) -> bool:
        async with self._deadline():
            try:
                await self._keys.insert_one({"_id": _id(key), **msgspec.to_builtins(key)})
            except DuplicateKeyError:
                return False
            except OperationFailure as error:
                if error.code != FORBIDDEN:
                    raise
                raise StoreUnavailable(code="store_not_prepared") from error  # the scheduler's account may: wait for it
        return True

    async def rewrap(self, key: WrappedKey) -> None:
        async with self._deadline():
            await self._keys.replace_one({"_id": _id(key)}, msgspec.to_builtins(key))

    async def drop(self, key: WrappedKey) -> None:
        async with self._deadline():
            await self._keys.delete_one({"_id": _id(key)})

    async def unkeyed(self) -> bool:
        """Where the scheduler's account, which makes the keys, may look."""
        plain = {"$regex": "^p[0-9a-f]{24}"}
        async with self._deadline():
            try:
                for name in ("heads", "journal", "records", "documents"):
                    if await self._db[name].find_one({"_id" if name == "heads" else "person": plain}, {"_id": 1}) is not None:
                        return True
            except OperationFailure as error:
                if error.code != FORBIDDEN:
                    raise
                raise StoreUnavailable(code="store_not_prepared") from error  # whoever may look makes the keys: wait for it
        return False


def _id(key: WrappedKey) -> dict[str, Any]:
    return {"tenant": key.tenant, "purpose": key.purpose, "number": key.number}
