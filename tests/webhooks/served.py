"""The webhook over real HTTP."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.webhooks.fakes import NOW, World
from webhooks.app import PATH, add_routes
from webhooks.auth import WebhookAuth
from webhooks.edge import Edge
from webhooks.limits import EdgeLimits

Client = TestClient[web.Request, web.Application]


HEADERS = {"X-Webhook-Token": "s3cret"}
LIMITS = EdgeLimits(read_seconds=60.0, wait_seconds=60.0, publish_seconds=60.0, drain_seconds=60.0)


class Served:
    def __init__(self, limits: EdgeLimits = LIMITS) -> None:
        self.world = World()
        self.edge = Edge(self.world.intake, WebhookAuth("s3cret", None, lambda: NOW), limits, self.world.counts)
        self.stop = asyncio.Event()
        self.client: Client

    async def post(self, body: Any, path: str = PATH, **kwargs: Any) -> int:
        kwargs.setdefault("headers", HEADERS)
        data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
        async with self.client.post(path, data=data, **kwargs) as response:
            assert await response.read() in (b"", b"404: Not Found")  # nothing is told
            return response.status


@asynccontextmanager
async def served(limits: EdgeLimits = LIMITS) -> AsyncIterator[Served]:
    here = Served(limits)
    app = web.Application()
    add_routes(app, here.edge)
    async with asyncio.TaskGroup() as group, TestClient(TestServer(app)) as client:
        here.client = client
        group.create_task(here.edge.run(here.stop), name="edge")
        await asyncio.sleep(0)
        yield here
        here.stop.set()


async def until(condition: Any) -> None:
    """Polls, because what is waited for happens on the other side of a socket."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  # see above
            await asyncio.sleep(0.005)
