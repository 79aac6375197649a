"""Pages for operators: /healthz, /readyz, /metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aiohttp import web
from msgspec.json import encode

from bot.errors import BotError
from bot.metrics import Metrics
from bot.model.events import ChannelState

PROBE_SECONDS = 3.0
"""Deadline of one probe: shorter than an orchestrator's patience."""

Probe = Callable[[], Awaitable[object]]


class Operations:
    """``probes`` are the engines this process needs; ``channels`` tells the gateway's last word on each instance."""

    def __init__(
        self, metrics: Metrics, probes: Mapping[str, Probe], channels: Callable[[], Awaitable[Sequence[ChannelState]]]
    ) -> None:
        self._metrics, self._probes, self._channels = metrics, probes, channels
        self.stopping = False

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics_page)

    async def _healthz(self, _: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, _: web.Request) -> web.Response:
        names = list(self._probes)
        words = await asyncio.gather(*(probe(self._probes[name]) for name in names))
        engines = dict(zip(names, words, strict=True))
        ready = not self.stopping and all(word == "ok" for word in words)
        body = {"ready": ready, "stopping": self.stopping, "engines": engines, "channels": await self._channel_words()}
        return web.Response(body=encode(body), status=200 if ready else 503, content_type="application/json")

    async def _channel_words(self) -> dict[str, str]:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                return {state.instance: state.state for state in await self._channels()}
        except (BotError, TimeoutError):
            return {}

    async def _metrics_page(self, _: web.Request) -> web.Response:
        return web.Response(body=self._metrics.render(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def probe(ask: Probe) -> str:
    """``ok``, or in a few words what is wrong; never an address or a secret."""
    try:
        async with asyncio.timeout(PROBE_SECONDS):
            await ask()
    except TimeoutError:
        return "no answer in time"
    except BotError as error:
        return error.code
    return "ok"
