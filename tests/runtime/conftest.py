"""Engines for the runtime's tests: the embedded ones, in a folder of their own, torn down with the test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from redis.asyncio import Redis

from agents.registry import NAMES
from bot import queues
from bot.adapters.embedded.valkey import EmbeddedValkey
from bot.adapters.otel import export
from bot.app.engines import Engines, open_engines
from bot.ingress import first_aid, flood
from bot.published import library
from bot.turns import unagreed
from config.settings import Settings

PARTITIONS = 2
SHORT_WAITS = (
    (first_aid, "WAIT"),
    (first_aid, "READING"),
    (flood, "WAIT"),
    (unagreed, "SECONDS"),
    (library, "DEADLINE"),
    (export, "SECONDS"),
)


@pytest.fixture(autouse=True)
def nobody_is_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """After these something else is done, as where an engine is away; that a machine stands still for a moment is not meant."""
    for module, name in SHORT_WAITS:
        monkeypatch.setattr(module, name, 60.0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, port=0, partitions=PARTITIONS)


@pytest.fixture
async def engines(settings: Settings) -> AsyncIterator[Engines]:
    async with open_engines(settings) as opened:
        await opened.bus.declare(queues.topology(PARTITIONS, NAMES))
        yield opened


@pytest.fixture
async def lose_state(settings: Settings, engines: Engines) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Forget everything that the session engine holds, except the bus's own keys."""
    async with EmbeddedValkey.open(settings.data_dir) as valkey, Redis(unix_socket_path=valkey.unix_socket_path) as client:

        async def lose() -> None:
            keys = [key async for key in client.scan_iter("pc:*")]
            assert keys
            await client.delete(*keys)

        yield lose
