"""The private RabbitMQ, Redis and mongod of a run, shared by both systems one after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

import aiormq
from pymongo import MongoClient

from bench.processes import cpu_of
from tests.servers.mongod import MongodServer
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer


class Engines:
    """Started by ``with``; everything is deleted at the end."""

    def __enter__(self) -> Engines:
        self._stack = ExitStack()
        with self._stack:
            self.rabbitmq, self.redis, self.mongod = RabbitmqServer(), RedisServer(), MongodServer()
            for server in (self.rabbitmq, self.redis, self.mongod):
                self._stack.callback(server.close)
                server.start()
            self._mongo: MongoClient[dict[str, Any]] = self._stack.enter_context(MongoClient(self.mongod.url))
            self._keep = self._stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._keep.close()

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU so far, by engine."""
        servers = (self.rabbitmq, self.redis, self.mongod)
        return {server.name: cpu_of(server.pid) for server in servers if server.pid is not None}

    def purge(self, queues: Sequence[str]) -> None:
        asyncio.run(self._purge(queues))

    def journalled(self, database: str) -> int:
        return self._mongo[database]["journal"].estimated_document_count()

    def journal_times(self, database: str, since: float) -> list[float]:
        """When each turn since then was decided, in order."""
        found = self._mongo[database]["journal"].find({"at": {"$gte": since}}, {"at": 1, "_id": 0})
        return sorted(document["at"] for document in found)

    async def _purge(self, queues: Sequence[str]) -> None:
        connection = await aiormq.connect(self.rabbitmq.url)
        channel = await connection.channel()
        for queue in queues:
            await channel.queue_purge(queue)
        await connection.close()
