"""Commands of many tasks in one pipeline: several times cheaper than one round trip each, and in the order of the calls."""

from __future__ import annotations

import asyncio
from typing import Any

from redis.asyncio import Redis

from bot.adapters.streams.seam import redis_call, translated
from bot.errors import BotError, BusUnavailable

BATCH = 500  # commands in one pipeline


class Coalescer:
    """One pipeline at a time is under way; what is asked for meanwhile goes with the next."""

    def __init__(self, redis: Redis, deadline: float) -> None:
        self._redis = redis
        self._deadline = deadline
        self._waiting: list[tuple[tuple[Any, ...], asyncio.Future[Any]]] = []
        self._draining: asyncio.Task[None] | None = None

    async def ask(self, *command: Any) -> Any:
        """The reply to one command. BusUnavailable when there is none in time; the command may have been carried out."""
        async with redis_call(self._deadline):
            return await self.send(*command)

    def send(self, *command: Any) -> asyncio.Future[Any]:
        """Put a command into the next pipeline. Its place among the others is fixed when this returns."""
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, reply))
        if self._draining is None:
            self._draining = asyncio.create_task(self._drain(), name="bus-pipeline")
        return reply

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._run(batch)
        finally:
            self._draining = None

    async def _run(self, batch: list[tuple[tuple[Any, ...], asyncio.Future[Any]]]) -> None:
        pipeline = self._redis.pipeline(transaction=False)
        for command, _ in batch:
            pipeline.execute_command(*command)
        replies: list[Any]
        try:
            async with redis_call(self._deadline):
                replies = await pipeline.execute(raise_on_error=False)
        except BotError as error:
            replies = [BusUnavailable(str(error), code=error.code) for _ in batch]  # one each: a traceback belongs to one raise
        for (_, future), reply in zip(batch, replies, strict=True):
            if future.done():
                continue  # its caller has given up
            if isinstance(reply, BotError):
                future.set_exception(reply)
            elif isinstance(reply, Exception):
                future.set_exception(translated(reply))
            else:
                future.set_result(reply)
