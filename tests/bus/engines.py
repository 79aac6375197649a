"""The engines that the one contract suite runs against."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aio_pika
import anyio
from redis.asyncio import Redis

from bot.adapters.rabbit import RabbitBus
from bot.adapters.rabbit.topology import DELAYS, delay_name
from bot.adapters.streams import StreamsBus
from bot.ports.bus import Bus, Delivery, Envelope, QueueSpec, Subscription
from bot.sealing.bus import SealedBus
from tests.sealed import SEALS

ORDERED = QueueSpec(name="turns", ordered=True)
PLAIN = QueueSpec(name="intents")
LEASE = 12.0  # seconds; one four times as long as a busy machine stands still


@asynccontextmanager
async def open_bus(url: str, prefix: str, deadline: float = 30.0) -> AsyncIterator[Bus]:
    """A bus on the engine that the URL names. A test that stands still for seconds keeps its leases."""
    if url.startswith("amqp"):
        async with RabbitBus.open(url, prefix=prefix, deadline=deadline) as rabbit:
            yield SealedBus(rabbit, SEALS)
    else:
        async with Redis.from_url(url, protocol=2, socket_timeout=None) as redis:
            yield SealedBus(StreamsBus(redis, prefix=prefix, deadline=deadline, lease_seconds=LEASE), SEALS)


async def clean(url: str, prefix: str) -> None:
    """Delete what the test left under its prefix, and nothing else: the server may be somebody's."""
    if not url.startswith("amqp"):
        async with Redis.from_url(url, protocol=2, socket_timeout=None) as redis:
            async for key in redis.scan_iter(match=f"{prefix}:*", count=1000):
                await redis.delete(key)
        return
    async with await aio_pika.connect(url) as connection, connection.channel() as channel:
        for name in (ORDERED.name, PLAIN.name, "parked"):
            await channel.queue_delete(f"{prefix}.{name}")
        await channel.exchange_delete(f"{prefix}.to")
        for delay in DELAYS:
            await channel.queue_delete(delay_name(prefix, delay))
            await channel.exchange_delete(delay_name(prefix, delay))


async def let_leases_run_out(url: str, prefix: str) -> None:
    """What time does to the leases of a process that is dead, at once. RabbitMQ has none: it notices a closed connection."""
    if url.startswith("amqp"):
        return
    async with Redis.from_url(url, protocol=2, socket_timeout=None) as redis:
        for held in ("lease", "alive"):
            async for key in redis.scan_iter(match=f"{prefix}:{held}:*", count=1000):
                await redis.pexpire(key, 1)
    await anyio.sleep(0.01)


def envelope(number: int, key: str = "anna") -> Envelope:
    return Envelope(id=f"m{number}", key=key, body=b"body %d" % number, at=1_700_000_000.123456 + number)


async def publish_many(bus: Bus, queue: str, count: int, start: int = 0) -> list[str]:
    """Publish in order, all under way together. Returns the ids."""
    async with anyio.create_task_group() as group:
        for number in range(start, start + count):
            group.start_soon(bus.publish, queue, envelope(number))
    return [envelope(number).id for number in range(start, start + count)]


async def take(subscription: Subscription, count: int, seconds: float = 60.0) -> list[Delivery]:
    """So many deliveries, or a TimeoutError."""
    with anyio.fail_after(seconds):
        return [await subscription.get() for _ in range(count)]


async def nothing_comes(subscription: Subscription, seconds: float = 0.3) -> bool:
    with anyio.move_on_after(seconds):
        await subscription.get()
        return False
    return True


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 60.0) -> None:
    """Poll until the engine shows what is expected."""
    deadline = time.monotonic() + seconds
    while not await condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        await anyio.sleep(0.02)


def ids(deliveries: list[Delivery]) -> list[str]:
    return [delivery.envelope.id for delivery in deliveries]
