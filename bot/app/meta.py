"""Wire the numbers that are on Meta's Cloud API without Evolution."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.app.engines import Engines
from bot.app.intake import EdgeMetrics
from bot.metrics import Metrics
from config.settings import Settings
from webhooks.intake import Intake
from webhooks.meta.client import MetaGateway
from webhooks.meta.edge import MetaEdge


@asynccontextmanager
async def open_meta(settings: Settings, engines: Engines) -> AsyncIterator[MetaGateway | None]:
    """None where no number is there."""
    if not settings.meta or settings.meta_token is None:
        yield None
        return
    token = settings.meta_token.get_secret_value()
    seen = engines.deliveries.carrier
    async with MetaGateway(settings.meta_url, token, settings.meta, seen=seen, files=engines.media.get) as gateway:
        yield gateway


def add_meta_routes(
    app: web.Application, settings: Settings, intake: Intake, metrics: Metrics, clock: Callable[[], float]
) -> None:
    """Meta's webhook, where the settings name numbers."""
    if not settings.meta or settings.meta_app_secret is None or settings.meta_verify_token is None:
        return
    secrets = tuple(part for part in settings.meta_app_secret.get_secret_value().split(",") if part)
    verify = settings.meta_verify_token.get_secret_value()
    MetaEdge(intake, secrets, verify, settings.meta, clock, watch=EdgeMetrics(metrics)).add_routes(app)


async def try_meta(settings: Settings) -> str:
    """State of each number as Meta tells it. Raises what is wrong."""
    token = settings.meta_token.get_secret_value() if settings.meta_token else ""

    async def unseen(_: str) -> None:
        return None

    async with MetaGateway(settings.meta_url, token, settings.meta, seen=unseen, total_seconds=10.0) as gateway:
        return ", ".join([f"number {name} is {await gateway.ping(name)}" for name in settings.meta])
