"""A gateway in the test's own process: it outlives the service, so that it knows what was accepted and what arrived."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from tests.e2e.service import Service
from webhooks.app import PATH
from webhooks.lookalike.delivery import Retries
from webhooks.lookalike.people import Instance, Patient
from webhooks.lookalike.server import LookAlike

KEY, TOKEN = "key-of-the-e2e-gateway", "token-of-the-e2e-webhook"


class Town:
    """``gateway`` posts its events to whatever ``serve`` started."""

    def __init__(self, gateway: LookAlike, url: str) -> None:
        self.gateway = gateway
        self.settings: dict[str, object] = {"evolution_url": url, "evolution_api_key": KEY, "webhook_token": TOKEN}

    def post_to(self, service: Service) -> None:
        self.gateway.post_to(service.url + PATH)

    async def heard(self, number: str, part: str, *, seconds: float = 60.0, times: int = 1) -> str:
        """The first message to a phone that holds ``part`` (or the second, ...), waited for."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    found = [accepted.text for accepted in self.gateway.ledger.of(number) if part in accepted.text]
                    if len(found) >= times:
                        return found[times - 1]
                    await asyncio.sleep(0.02)
        except TimeoutError:
            texts = [accepted.text for accepted in self.gateway.ledger.of(number)]
            raise AssertionError(f"no message with {part!r} came within {seconds:.0f} s, only {texts}") from None

    async def say(self, number: str, text: str, part: str, *, seconds: float = 60.0) -> str:
        self.gateway.say(number, text)
        return await self.heard(number, part, seconds=seconds)

    async def quiet(self, seconds: float) -> None:
        """Until no message has come for so long."""
        seen, since = -1, time.monotonic()
        while time.monotonic() - since < seconds:
            if self.gateway.ledger.total != seen:
                seen, since = self.gateway.ledger.total, time.monotonic()
            await asyncio.sleep(0.05)

    def count(self, number: str, part: str) -> int:
        return sum(part in accepted.text for accepted in self.gateway.ledger.of(number))


@asynccontextmanager
async def town(numbers: Sequence[str]) -> AsyncIterator[Town]:
    gateway = LookAlike(
        [Instance("procare")],
        api_key=KEY,
        webhook_headers={"X-Webhook-Token": TOKEN},
        patients=[Patient(number, "Asha", "procare") for number in numbers],
        retries=Retries(base=0.2, most=1.0, attempts=600, timeout=10.0),
        receipts="sent",
    )
    async with gateway.listening() as url:
        yield Town(gateway, url)


async def started(service: Service) -> Service:
    service.start()
    await asyncio.to_thread(service.wait_until_ready)
    return service
