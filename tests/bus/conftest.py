"""Every test of this folder that asks for ``bus`` runs on each engine."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest

from bot.ports.bus import Bus
from tests.bus.engines import ORDERED, PLAIN, clean, open_bus

ENGINES = [
    pytest.param("embedded_url", id="streams-embedded"),
    pytest.param("redis_url", id="streams-redis", marks=pytest.mark.services),
    pytest.param("rabbitmq_url", id="rabbitmq", marks=pytest.mark.services),
]


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest) -> str:
    value: str = request.getfixturevalue(request.param)
    return value


@pytest.fixture
def prefix() -> str:
    return f"test-{secrets.token_hex(4)}"


@pytest.fixture
async def bus(url: str, prefix: str) -> AsyncIterator[Bus]:
    """A bus with one ordered and one plain queue, under a prefix of this test alone."""
    async with open_bus(url, prefix) as opened:
        await opened.declare([ORDERED, PLAIN])
        yield opened
    await clean(url, prefix)
