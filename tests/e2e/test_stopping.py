"""A stop, however it comes, loses nothing: what was answered 200 is answered to the person after the next start."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.e2e.service import Service
from tests.e2e.town import Town, started, town

NUMBERS = [f"9198765300{n:02d}" for n in range(40)]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)])
async def test_what_people_write_while_it_stops_is_answered_after_the_next_start(
    folder: Path, number: signal.Signals, status: int
) -> None:
    async with town(NUMBERS) as place:
        service = await started(Service(folder, place.settings, "serve"))
        try:
            place.post_to(service)
            await write_while_it_stops(place, service, number)
            assert await asyncio.to_thread(service.wait) == status
            await started(service)
            await asyncio.gather(*(place.heard(one, "ProCare", seconds=30.0) for one in NUMBERS))
        finally:
            await asyncio.to_thread(service.close)
    assert place.gateway.undelivered == 0
    assert {one: place.count(one, "ProCare") for one in NUMBERS} == dict.fromkeys(NUMBERS, 1)
    assert "Traceback" not in service.err


async def write_while_it_stops(place: Town, service: Service, number: signal.Signals) -> None:
    """Half of the people before the signal, half after it; the gateway repeats what was not answered 200."""
    for n, one in enumerate(NUMBERS):
        place.gateway.say(one, "hi")
        if n == len(NUMBERS) // 2:
            await asyncio.sleep(0.02)  # let some of them through
            service.send(number)
