"""The bot's side of the wire: takes events, as told, and calls the look-alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from aiohttp import web

from tests.servers.site import listening

KEY = "rig-global-key"  # the key in the recordings
TOKEN = "test-token-of-the-webhook"


class Held:
    """Sleeps that last until it is ``over``, however long or short they were meant to be."""

    def __init__(self) -> None:
        self.over = asyncio.Event()

    async def __call__(self, seconds: float) -> None:
        await self.over.wait()


class BotSide:
    """``answers``: statuses for the next events, then 200. ``url`` and ``gateway`` are set while it listens."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.answers: list[int] = []
        self.url = ""
        self.gateway = ""
        self._arrived = asyncio.Condition()
        self._http: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[BotSide]:
        app = web.Application(client_max_size=2**26)
        app.router.add_post("/{path:.*}", self._take)
        async with listening(app) as url, aiohttp.ClientSession() as self._http:
            self.url = f"{url}/wh"
            yield self

    async def _take(self, request: web.Request) -> web.Response:
        status = self.answers.pop(0) if self.answers else 200
        async with self._arrived:
            self.events.append(await request.json())
            self.headers.append({name.lower(): value for name, value in request.headers.items()})
            self.paths.append(request.path)
            self._arrived.notify_all()
        return web.Response(status=status)

    async def until(self, condition: Callable[[], bool], seconds: float = 60.0) -> None:
        """Wait until the events fulfil it."""
        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(condition)

    def named(self, event: str) -> list[dict[str, Any]]:
        return [body["data"] for body in self.events if body["event"] == event]

    async def post(self, path: str, body: Any, key: str | None = KEY) -> tuple[int, Any]:
        return await self.call("POST", path, body, key)

    async def call(self, method: str, path: str, body: Any = None, key: str | None = KEY) -> tuple[int, Any]:
        assert self._http is not None
        headers = {"content-type": "application/json"} | ({"apikey": key} if key else {})
        data = body if isinstance(body, str) else None
        json = body if data is None else None
        async with self._http.request(method, self.gateway + path, headers=headers, data=data, json=json) as answer:
            return answer.status, await answer.json()

    async def text(self, number: str, words: str, instance: str = "bot") -> tuple[int, Any]:
        return await self.post(f"/message/sendText/{instance}", {"number": number, "text": words})
