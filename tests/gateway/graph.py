"""A look-alike of Meta's Graph API: enough of it for the gateway's contract. Statuses go where the ingress would note them."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal

from aiohttp import web

from bot.model.ids import GatewayId
from bot.model.inbound import Integration
from tests.servers.site import listening
from webhooks.meta.client import MetaGateway

NUMBER_ID = "106540352242922"
TOKEN = "EAAtoken"
Meets = Literal["window_closed", "too_fast", "timed_out", "hidden_success"]
ERRORS = {"window_closed": (400, 131047, "Re-engagement message"), "too_fast": (429, 130429, "Rate limit hit")}


class Graph:
    """A world of the contract suite; ``sent`` are the bodies that Meta took."""

    integration: Integration = "cloud"
    url = ""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.files: dict[str, bytes] = {}
        self.carriers: dict[str, tuple[GatewayId, float]] = {}
        self.refused: list[tuple[int, dict[str, Any]]] = []
        self.elsewhere: str | None = None  # where a file is said to lie
        self.takes_files = True
        self._plan: list[Meets] = []

    def next(self, meets: Meets) -> None:
        self._plan.append(meets)

    def client(self, url: str | None = None, *, patience: float = 60.0) -> MetaGateway:
        async def seen(token: str) -> tuple[GatewayId, float] | None:
            return self.carriers.get(token)

        async def bytes_of(ref: str) -> bytes | None:
            return self.files.get(ref)

        return MetaGateway(
            url or self.url, TOKEN, {"one": NUMBER_ID}, seen=seen, files=bytes_of, total_seconds=patience, look_for=0.05
        )  # fmt: skip

    def add_to(self, app: web.Application) -> None:
        app.router.add_post(f"/{NUMBER_ID}/messages", self._send)
        app.router.add_post(f"/{NUMBER_ID}/media", self._upload)
        app.router.add_get("/{id}", self._object)
        app.router.add_get("/files/{id}", self._file)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _error(401, 190, "Invalid OAuth access token")
        if self.refused:
            status, body = self.refused.pop(0)
            return web.json_response(body, status=status)
        meets = self._plan.pop(0) if self._plan else None
        if meets in ERRORS:
            return _error(*ERRORS[meets])
        if meets == "timed_out":
            await asyncio.sleep(60.0)  # longer than the client waits
        body = await request.json()
        name = GatewayId("wamid." + base64.b64encode(b"out" + bytes([len(self.sent)])).decode())
        self.sent.append(body)
        self.carriers[body["biz_opaque_callback_data"]] = name, time.time()
        if meets == "hidden_success":
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        number = body.get("to")
        contacts = [{"input": number, "wa_id": number} if number else {"input": body["recipient"], "user_id": body["recipient"]}]
        return web.json_response({"messaging_product": "whatsapp", "contacts": contacts, "messages": [{"id": name}]})

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        if not self.takes_files:
            return _error(400, 131053, "Media upload error")
        file = form["file"]
        assert form["messaging_product"] == "whatsapp"
        assert isinstance(file, web.FileField)
        name = str(1000 + len(self.files))
        self.files[name] = file.file.read()
        return web.json_response({"id": name})

    async def _object(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["id"]
        if name == NUMBER_ID:
            return web.json_response({"id": NUMBER_ID, "status": "CONNECTED"})
        if name in self.files:
            url = self.elsewhere or f"{self.url}/files/{name}"
            return web.json_response({"id": name, "url": url, "file_size": len(self.files[name])})
        return _error(400, 100, "Unsupported get request")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=self.files[request.match_info["id"]])


def _error(status: int, code: int, text: str) -> web.Response:
    return web.json_response({"error": {"message": text, "type": "OAuthException", "code": code}}, status=status)


@asynccontextmanager
async def graph() -> AsyncIterator[Graph]:
    world = Graph()
    app = web.Application()
    world.add_to(app)
    async with listening(app, stop=0.1) as world.url:
        yield world
