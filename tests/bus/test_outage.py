"""A consumer that is killed, a broker that is killed: nothing is lost and everything goes on by itself."""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
from collections.abc import Callable
from typing import Protocol

import anyio
import pytest

from bot.errors import BusUnavailable
from bot.ports.bus import Bus, Subscription
from tests.bus.engines import ORDERED, PLAIN, envelope, ids, let_leases_run_out, open_bus, publish_many, take


class Server(Protocol):
    @property
    def url(self) -> str: ...
    def start(self) -> None: ...
    def kill(self) -> None: ...
    def close(self) -> None: ...


DEADLINE = 6.0  # seconds: as long as the calls below wait for a broker that is dead, and longer than one alive stands still
SERVERS = [
    pytest.param("new_embedded", id="streams-embedded"),
    pytest.param("new_redis", id="streams-redis", marks=pytest.mark.services),
    pytest.param("new_rabbitmq", id="rabbitmq", marks=pytest.mark.services),
]


@pytest.mark.parametrize("queue", [ORDERED.name, PLAIN.name])
async def test_what_a_killed_process_held_comes_again_first_and_in_order(url: str, prefix: str, bus: Bus, queue: str) -> None:
    await publish_many(bus, queue, 8)
    command = [sys.executable, "-m", "tests.bus.doomed_consumer", url, prefix, queue, "5"]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        with anyio.fail_after(60):
            held = [(await process.stdout.readline()).decode().strip() for _ in range(5)]
    finally:
        process.kill()
        await process.communicate()
    assert held == ["m0", "m1", "m2", "m3", "m4"]
    await let_leases_run_out(url, prefix)
    async with bus.subscribe(queue, prefetch=5) as subscription:
        received = []
        for _ in range(8):
            (delivery,) = await take(subscription, 1)
            received.append(delivery)
            await subscription.ack(delivery)
    if queue == ORDERED.name:
        assert ids(received) == [f"m{number}" for number in range(8)]
    assert sorted(ids(received)) == [f"m{number}" for number in range(8)]
    assert {delivery.envelope.id for delivery in received if delivery.redelivered} == set(held)


@pytest.mark.parametrize("make", SERVERS)
async def test_a_killed_broker_loses_nothing_and_the_subscription_goes_on(request: pytest.FixtureRequest, make: str) -> None:
    new_server: Callable[[], Server] = request.getfixturevalue(make)
    server = await asyncio.to_thread(new_server)
    try:
        async with open_bus(server.url, f"test-{secrets.token_hex(4)}", deadline=DEADLINE) as bus:
            await bus.declare([ORDERED, PLAIN])
            await publish_many(bus, ORDERED.name, 4)
            async with bus.subscribe(ORDERED.name, prefetch=2) as subscription:
                first, second = await take(subscription, 2)
                await subscription.ack(first)
                (third,) = await take(subscription, 1)  # the engine has the acknowledgement
                await asyncio.to_thread(server.kill)

                with anyio.fail_after(60):
                    ends = await asyncio.gather(bus.publish(ORDERED.name, envelope(9)), bus.ping(), return_exceptions=True)
                assert [type(end) for end in ends] == [BusUnavailable, BusUnavailable]

                await asyncio.to_thread(server.start)
                for held in (second, third):
                    # Still ours where the engine remembers who has them; else it is ignored, and they come again.
                    await subscription.ack(held)
                assert await _until_seen(subscription, "m3") in (["m3"], ["m1", "m2", "m3"])
                await _publish_until_taken(bus)
                assert await _until_seen(subscription, "m10") == ["m10"]
    finally:
        await asyncio.to_thread(server.close)


async def _until_seen(subscription: Subscription, last: str) -> list[str]:
    """The ids up to the last one, each settled."""
    seen: list[str] = []
    while last not in seen:
        (delivery,) = await take(subscription, 1)
        seen.append(delivery.envelope.id)
        await subscription.ack(delivery)
    return seen


async def _publish_until_taken(bus: Bus) -> None:
    with anyio.fail_after(60):
        while True:
            try:
                await bus.publish(ORDERED.name, envelope(10))
            except BusUnavailable:
                continue
            return
