"""Live updates to open pages, as Server-Sent Events. A page that cannot keep up is cut off; it reconnects and loads anew."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from msgspec.json import encode

QUEUE = 1000  # updates that a slow page may be behind
PULSE = 15.0  # seconds between signs of life
MAX_PAGES = 32


class Stream:
    def __init__(self) -> None:
        self._open: set[asyncio.Queue[bytes | None]] = set()

    @property
    def watched(self) -> bool:
        return bool(self._open)

    def send(self, kind: str, data: dict[str, Any]) -> None:
        if not self._open:
            return
        line = b"event: " + kind.encode() + b"\ndata: " + encode(data) + b"\n\n"
        for queue in list(self._open):
            try:
                queue.put_nowait(line)
            except asyncio.QueueFull:
                self._cut(queue)

    def close(self) -> None:
        for queue in list(self._open):
            self._cut(queue)

    def _cut(self, queue: asyncio.Queue[bytes | None]) -> None:
        self._open.discard(queue)
        while queue.full():
            queue.get_nowait()
        queue.put_nowait(None)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        if len(self._open) >= MAX_PAGES:
            raise web.HTTPServiceUnavailable()
        response = web.StreamResponse(headers={"content-type": "text/event-stream", "cache-control": "no-store"})
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE)
        self._open.add(queue)
        try:
            await response.prepare(request)
            await response.write(b"retry: 1000\n\nevent: hello\ndata: {}\n\n")
            while True:
                try:
                    line = await asyncio.wait_for(queue.get(), PULSE)
                except TimeoutError:
                    line = b": still here\n\n"
                if line is None:
                    break
                await response.write(line)
        except ConnectionError:
            pass  # the page is gone
        finally:
            self._open.discard(queue)
        return response
