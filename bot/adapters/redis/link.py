"""One connection: takes a pipeline, sends it, reads its replies, takes the next; connects again by itself."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ReadOnlyError, RedisError, ResponseError

from bot.adapters.redis.pending import Pending

log = logging.getLogger(__name__)

FIRST_PAUSE = 0.02  # seconds before connecting again; doubles up to the longest
LONGEST_PAUSE = 1.0
MARK = b"*3\r\n$7\r\nPUBLISH\r\n$7\r\npc:held\r\n$0\r\n\r\n"
"""A word to nobody that goes to the replicas as a write does. WAIT asks for the connection's own writes only (since Redis 7.2):
behind a read it would pass, though what was read is another connection's and no replica has it."""


class Link:
    """``replicas``: so many replicas must hold all that the server has before a pipeline's callers hear its replies."""

    def __init__(
        self, take: Callable[[], Awaitable[list[Pending]]], connect: Callable[[], Any], timeout: float, replicas: int = 0
    ) -> None:
        self._replicas = replicas
        self._wait = MARK + b"WAIT %d %d\r\n" % (replicas, timeout * 500) if replicas else b""
        self._take = take
        self._connect = connect
        self._timeout = timeout
        self._batch: list[Pending] = []

    async def run(self) -> None:
        """Serve until cancelled."""
        pause = FIRST_PAUSE
        while True:
            connection: AbstractConnection = self._connect()
            served = False
            try:
                async with asyncio.timeout(self._timeout):
                    await connection.connect()  # type: ignore[no-untyped-call]
                log.debug("redis link is up", extra={"action": "redis_link_up"})
                while True:
                    self._batch = await self._take()
                    await self._exchange(connection, self._batch)
                    served = True
            except (RedisError, OSError, TimeoutError) as error:
                log.warning("redis link broke", extra={"action": "redis_link_broke", "error": type(error).__name__})
            finally:
                self._fail("redis_connection")
                await self._close(connection)
            pause = FIRST_PAUSE if served else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    def sweep(self, now: float) -> None:
        """Fail what is in flight and overdue; the exchange's own deadline breaks the connection."""
        for item in self._batch:
            if item.deadline <= now:
                item.fail("redis_timeout")

    async def _exchange(self, connection: AbstractConnection, batch: list[Pending]) -> None:
        moved = False
        held_back: list[tuple[Pending, list[Any], ResponseError | None]] = []
        async with asyncio.timeout(self._timeout):
            await connection.send_packed_command(b"".join([item.packed for item in batch]) + self._wait, check_health=False)
            for item in batch:
                replies: list[Any] = []
                trouble: ResponseError | None = None
                for _ in range(item.count):
                    try:
                        # math.inf: no timer of its own for every reply; the exchange has one
                        replies.append(await connection.read_response(disable_decoding=True, timeout=math.inf))
                    except ResponseError as error:
                        trouble = trouble or error
                        moved = moved or isinstance(error, ReadOnlyError)
                if self._wait:
                    held_back.append((item, replies, trouble))
                else:
                    _settle(item, replies, trouble)
            if self._wait:
                await self._held(connection)
        for one in held_back:
            _settle(*one)
        if moved:  # a failover made this server a replica: find the new master
            raise ConnectionResetError("The server became a replica.")
        self._batch = []

    async def _held(self, connection: AbstractConnection) -> None:
        """Nobody hears what is here alone: it would be gone with this server, which may be the old master of a split network."""
        await connection.read_response(disable_decoding=True, timeout=math.inf)
        if await connection.read_response(disable_decoding=True, timeout=math.inf) < self._replicas:
            self._fail("redis_replicas")
            raise ConnectionResetError("No replica holds what was done here.")  # Sentinels may know another master by now

    def _fail(self, code: str) -> None:
        for item in self._batch:
            item.fail(code)
        self._batch = []

    async def _close(self, connection: AbstractConnection) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                await connection.disconnect(nowait=True)
        except (RedisError, OSError, TimeoutError) as error:
            log.debug("closing a link failed", extra={"action": "redis_link_close", "error": type(error).__name__})


def _settle(item: Pending, replies: list[Any], trouble: ResponseError | None) -> None:
    if item.future.done():  # its caller gave up; the reply had to be read all the same
        return
    if trouble is None:
        item.future.set_result(replies)
    else:
        item.future.set_exception(trouble)
