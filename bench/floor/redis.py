"""Redis for the floor: one connection, every command of one tick of the event loop in one write."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, cast
from urllib.parse import urlsplit

import hiredis


class Redis(asyncio.Protocol):
    def __init__(self) -> None:
        self._reader = hiredis.Reader()
        self._out: list[bytes] = []
        self._waiting: deque[asyncio.Future[Any]] = deque()
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def open(cls, url: str) -> Redis:
        parts = urlsplit(url)
        _, redis = await asyncio.get_running_loop().create_connection(cls, parts.hostname or "127.0.0.1", parts.port or 6379)
        return redis

    def call(self, *words: str | bytes | int | float) -> asyncio.Future[Any]:
        if not self._out:
            self._loop.call_soon(self._write)
        self._out.append(hiredis.pack_command(words))  # type: ignore[arg-type]  # its stub knows commands of one word only
        future: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append(future)
        return future

    def _write(self) -> None:
        assert self._transport is not None
        self._transport.write(b"".join(self._out))
        self._out.clear()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not False:
            future = self._waiting.popleft()
            if isinstance(reply, Exception):
                future.set_exception(reply)
            else:
                future.set_result(reply)
