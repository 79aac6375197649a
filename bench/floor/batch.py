"""Documents into MongoDB in batches; each writer waits until its own is safe (majority, journalled)."""

from __future__ import annotations

import asyncio
from typing import Any

from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.write_concern import WriteConcern

GATHER_SECONDS = 0.02


class Batch:
    def __init__(self, url: str, database: str, collection: str) -> None:
        client: Any = AsyncIOMotorClient(url)
        safe = WriteConcern(w="majority", j=True)
        self._collection = client.get_database(database, write_concern=safe).get_collection(collection)
        self._waiting: list[tuple[dict[str, Any], asyncio.Future[None]]] = []
        self._due = asyncio.Event()

    def add(self, document: dict[str, Any]) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((document, future))
        self._due.set()
        return future

    async def run(self) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            await asyncio.sleep(GATHER_SECONDS)
            batch, self._waiting = self._waiting, []
            if batch:
                await self._collection.insert_many([document for document, _ in batch], ordered=False)
                for _, future in batch:
                    future.set_result(None)
