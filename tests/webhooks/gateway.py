"""The gateway's client over a router of recorded answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import respx

from webhooks.evolution.client import EvolutionGateway

URL = "http://evolution.test:8080"


@asynccontextmanager
async def gateway(router: respx.MockRouter) -> AsyncIterator[EvolutionGateway]:
    transport = httpx.MockTransport(router.async_handler)
    async with EvolutionGateway(URL + "/", "key-1", transport=transport) as client:
        yield client
