"""Many tasks' commands in one pipeline: the engine's share of a turn falls from 100 to about 10 microseconds a command.

A call puts its commands in one queue and waits. Each of a few links takes all that is queued (up to ``most`` commands), sends it
in one write, reads the replies in order, and takes again; what arrives meanwhile is the next pipeline. So a link has one
pipeline in flight, a slow or broken link fails only that, and the other links go on with the queue.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import hiredis
from redis.exceptions import NoScriptError, RedisError

from bot.adapters.redis.address import connecting
from bot.adapters.redis.link import Link
from bot.adapters.redis.pending import Pending
from bot.adapters.redis.script import Script
from bot.adapters.redis.trouble import translated
from bot.errors import SessionsUnavailable

log = logging.getLogger(__name__)

Part = str | bytes | int | float
"""One word of a command."""


def _pack(words: tuple[Part, ...]) -> bytes:
    packed: bytes = hiredis.pack_command(words)  # type: ignore[arg-type]  # its stub knows commands of one word only
    return packed


class Coalescing:
    """Client of one Redis (or Valkey) server for all tasks of one event loop. Made by ``open``.

    ``timeout``: seconds from the call to its answer; a call then raises SessionsUnavailable (the command may still take effect).
    ``most``: commands in one pipeline. ``backlog``: commands that may wait; more are refused at once with SessionsUnavailable.
    """

    def __init__(self, *, timeout: float, most: int, backlog: int) -> None:
        self._timeout = timeout
        self._most = most
        self._backlog = backlog
        self._queue: deque[Pending] = deque()
        self._queued = 0
        self._idle: deque[asyncio.Future[None]] = deque()
        self._links: list[Link] = []
        self._loop = asyncio.get_running_loop()
        self._closed = False

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, connections: int = 2, timeout: float = 2.0, most: int = 500, backlog: int = 20_000, replicas: int = 0
    ) -> AsyncIterator[Coalescing]:
        """``url``: see ``address``; raises ConfigError when it cannot be read. ``replicas``: see ``Link``.

        Does not wait for the server: calls fail with SessionsUnavailable until it answers.
        """
        client = cls(timeout=timeout, most=most, backlog=backlog)
        failed: Exception | None = None
        async with connecting(url, timeout) as connect, asyncio.TaskGroup() as tasks:
            running = [tasks.create_task(client._sweep(), name="redis-deadlines")]
            for number in range(connections):
                link = Link(client._take, connect, timeout, replicas)
                client._links.append(link)
                running.append(tasks.create_task(link.run(), name=f"redis-link-{number}"))
            try:
                yield client
            except Exception as error:  # the user's own: it leaves as it came, not as a group
                failed = error
            finally:
                client._closed = True
                for task in running:
                    task.cancel()
                client._fail_all()
        if failed is not None:
            raise failed

    async def call(self, *words: Part) -> Any:
        """Run one command. Raises SessionsUnavailable, or Malformed when the key holds another type than we wrote."""
        future = self._put(_pack(words), 1)
        try:
            (reply,) = await future
        except RedisError as error:
            raise translated(error) from error
        return reply

    async def calls(self, *commands: tuple[Part, ...]) -> list[Any]:
        """Run commands in this order, next to each other but not atomically; the first error is raised."""
        future = self._put(b"".join([_pack(words) for words in commands]), len(commands))
        try:
            return await future
        except RedisError as error:
            raise translated(error) from error

    async def run(self, script: Script, keys: tuple[str, ...], *args: Part) -> Any:
        """Run a Lua script, loading it where the server does not have it."""
        try:
            (reply,) = await self._put(_pack(("EVALSHA", script.sha, len(keys), *keys, *args)), 1)
        except NoScriptError:
            return await self.call("EVAL", script.text, len(keys), *keys, *args)
        except RedisError as error:
            raise translated(error) from error
        return reply

    async def runs(self, script: Script, calls: Sequence[tuple[tuple[str, ...], tuple[Part, ...]]]) -> list[Any]:
        """Run one script on several sets of keys and arguments, in one pipeline; the answers in that order."""
        try:
            return await self._put(b"".join([_pack(("EVALSHA", script.sha, len(k), *k, *args)) for k, args in calls]), len(calls))
        except NoScriptError:
            return await self.calls(*[("EVAL", script.text, len(keys), *keys, *args) for keys, args in calls])
        except RedisError as error:
            raise translated(error) from error

    def _put(self, packed: bytes, count: int) -> asyncio.Future[list[Any]]:
        if self._closed or self._queued + count > self._backlog:
            raise SessionsUnavailable(code="redis_closed" if self._closed else "redis_backlog")
        future: asyncio.Future[list[Any]] = self._loop.create_future()
        self._queue.append(Pending(packed, count, future, self._loop.time() + self._timeout))
        self._queued += count
        while self._idle:
            waiter = self._idle.popleft()
            if not waiter.done():
                waiter.set_result(None)
                break
        return future

    async def _take(self) -> list[Pending]:
        """Wait for commands; hand out the oldest up to the limit, without those whose caller has gone."""
        while True:
            batch: list[Pending] = []
            count = 0
            while self._queue and (not batch or count + self._queue[0].count <= self._most):
                item = self._queue.popleft()
                self._queued -= item.count
                if not item.future.done():
                    batch.append(item)
                    count += item.count
            if batch:
                return batch
            waiter: asyncio.Future[None] = self._loop.create_future()
            self._idle.append(waiter)
            await waiter

    async def _sweep(self) -> None:
        """One timer for all deadlines, instead of one a call: answers late by a twentieth of the timeout at most."""
        while True:
            await asyncio.sleep(self._timeout / 20)
            now = self._loop.time()
            while self._queue and (self._queue[0].future.done() or self._queue[0].deadline <= now):
                item = self._queue.popleft()
                self._queued -= item.count
                item.fail("redis_timeout")
            for link in self._links:
                link.sweep(now)

    def _fail_all(self) -> None:
        while self._queue:
            self._queue.popleft().fail("redis_closed")
        self._queued = 0
