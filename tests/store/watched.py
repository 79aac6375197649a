"""MongoDB's collections, with somebody who is told before each call of what changes or sums up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from bot.adapters.mongo import MongoStore


class Watched:
    """A collection; ``before`` is told of each call."""

    def __init__(self, collection: Any, before: Callable[[str], Awaitable[None]]) -> None:
        self._collection, self._before = collection, before

    def find(self, *words: Any, **more: Any) -> Any:
        return self._collection.find(*words, **more)

    def aggregate(self, *words: Any) -> Any:
        return self._collection.aggregate(*words)

    def __getattr__(self, name: str) -> Any:
        async def call(*words: Any, **more: Any) -> Any:
            await self._before(name)
            return await getattr(self._collection, name)(*words, **more)

        return call


class Database:
    def __init__(self, database: Any, before: Callable[[str], Awaitable[None]]) -> None:
        self._database, self._before = database, before

    def __getitem__(self, name: str) -> Watched:
        return Watched(self._database[name], self._before)

    def __getattr__(self, name: str) -> Watched:
        return self[name]


def watched(store: MongoStore, before: Callable[[str], Awaitable[None]]) -> Any:
    return Database(store._db, before)
