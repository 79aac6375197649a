"""A stop, however it comes, loses nothing: what was answered 200 is answered to the person after the next start."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from tests.e2e.service import Service
from tests.e2e.town import Town, started, town

NUMBERS = {signal.SIGTERM: [f"9198765300{n:02d}" for n in range(40)], signal.SIGKILL: [f"9198765301{n:02d}" for n in range(40)]}


@pytest.mark.timeout(240)  # three starts
async def test_what_people_write_while_it_stops_is_answered_after_the_next_start(folder: Path) -> None:
    async with town([*NUMBERS[signal.SIGTERM], *NUMBERS[signal.SIGKILL]]) as place:
        service = await started(Service(folder, place.settings, "serve"))
        try:
            place.post_to(service)
            for number, status in ((signal.SIGTERM, 0), (signal.SIGKILL, -signal.SIGKILL)):
                await write_while_it_stops(place, service, number)
                assert await asyncio.to_thread(service.wait) == status
                await started(service)
                await asyncio.gather(*(place.heard(one, "ProCare") for one in NUMBERS[number]))
        finally:
            await asyncio.to_thread(service.close)
    assert place.gateway.undelivered == 0
    for numbers in NUMBERS.values():
        assert {one: place.count(one, "ProCare") for one in numbers} == dict.fromkeys(numbers, 1)
    assert "Traceback" not in service.err


async def write_while_it_stops(place: Town, service: Service, number: signal.Signals) -> None:
    """Half of the people before the signal, half after it; the gateway repeats what was not answered 200."""
    for n, one in enumerate(NUMBERS[number]):
        place.gateway.say(one, "hi")
        if n == len(NUMBERS[number]) // 2:
            await asyncio.sleep(0.02)  # let some of them through
            service.send(number)
