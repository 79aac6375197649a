"""Just enough HTTP/1.1 for the load generator and the fake gateway: they share two cores with what they measure, so they
must cost little. Bodies have a Content-Length; connections are kept."""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Callable
from typing import cast

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def split(buffer: bytes) -> tuple[bytes, bytes, bytes] | None:
    """Head, body and rest of the first message in ``buffer``; None while it is not complete."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = buffer[: end + 2]
    found = _LENGTH.search(head)
    last = end + 4 + (int(found[1]) if found else 0)
    if len(buffer) < last:
        return None
    return head, buffer[end + 4 : last], buffer[last:]


class Served(asyncio.Protocol):
    """One connection of a server. ``answer`` turns path and body into a complete response."""

    def __init__(self, answer: Callable[[bytes, bytes], bytes]) -> None:
        self._answer = answer
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._buffer += data
        while (message := split(self._buffer)) is not None:
            head, body, self._buffer = message
            self._transport.write(self._answer(head.split(b" ", 2)[1], body))


class Poster:
    """Posts bodies over a few kept connections, each answered before the next goes out on it."""

    def __init__(
        self,
        host: str,
        port: int,
        path: str,
        headers: dict[str, str],
        on_status: Callable[[int], None],
        on_lost: Callable[[], object],
    ) -> None:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._head = f"POST {path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\n{lines}Content-Length: "
        self._host, self._port, self.on_status, self._on_lost = host, port, on_status, on_lost
        self._all: list[_Connection] = []
        self._idle: deque[_Connection] = deque()
        self._waiting: deque[bytes] = deque()

    async def open(self, connections: int) -> None:
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, connection = await loop.create_connection(lambda: _Connection(self), self._host, self._port)
            self._all.append(connection)

    def close(self) -> None:
        connections, self._all = self._all, []
        for connection in connections:
            connection.close()

    def post(self, body: bytes) -> None:
        request = f"{self._head}{len(body)}\r\n\r\n".encode() + body
        if self._idle:
            self._idle.popleft().send(request)
        else:
            self._waiting.append(request)

    def lost(self, connection: _Connection) -> None:
        """The other side closed it. In a measurement that is a failure, unless we are closing."""
        if connection in self._all:
            self._on_lost()

    def free(self, connection: _Connection) -> None:
        if self._waiting:
            connection.send(self._waiting.popleft())
        else:
            self._idle.append(connection)


class _Connection(asyncio.Protocol):
    def __init__(self, poster: Poster) -> None:
        self._poster = poster
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass
        self._poster.free(self)

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()

    def send(self, request: bytes) -> None:
        assert self._transport is not None
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if (message := split(self._buffer)) is not None:
            head, _, self._buffer = message
            self._poster.on_status(int(head[9:12]))
            self._poster.free(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._poster.lost(self)
