"""A local OpenRouter: it answers what it is told to, and is slow, wrong, malformed, over budget or down when told so."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer


def says(value: Any, *, cost: float | None = 0.0001, finish: str = "stop", model: str = "small/one") -> dict[str, Any]:
    """A body of a completion; ``value`` is JSON data or the bare text."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    usage: dict[str, Any] = {"total_tokens": 50} | ({"cost": cost} if cost is not None else {})
    return {"id": "gen-1", "model": model, "usage": usage,
            "choices": [{"finish_reason": finish, "message": {"role": "assistant", "content": text}}]}  # fmt: skip


def error(code: int | str, message: str = "no") -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


class OpenRouter:
    """``script``: what it does next, each once; then ``always``. An entry is a body, a (status, body) or a (status, body,
    headers); "hang" never answers, "cut" closes the connection; a function makes it of the request."""

    def __init__(self) -> None:
        self.script: deque[Any] = deque()
        self.always: Any = says({})
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.url = ""

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("authorization"))
        act = self.script.popleft() if self.script else self.always
        if callable(act):
            act = act(body)
        if act == "hang":
            await asyncio.Event().wait()
        if act == "cut":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        status, answer, headers = (200, act, {}) if not isinstance(act, tuple) else (*act, {})[:3]
        raw = answer if isinstance(answer, bytes) else json.dumps(answer, ensure_ascii=False).encode()
        return web.Response(status=status, body=raw, headers=headers, content_type="application/json")

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.add_routes([web.post("/api/v1/chat/completions", self._complete)])
        async with TestServer(app, shutdown_timeout=0.1) as server:
            self.url = f"{server.make_url('/api/v1')}"
            yield self.url
