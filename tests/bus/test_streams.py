"""What only streams do to us: a lease that is lost, an engine that has lost its data, streams that must stay short."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from redis.asyncio import Redis

from bot.adapters.streams import StreamsBus
from bot.adapters.streams.keys import Keys
from bot.adapters.streams.subscription import SAID_AGAIN
from bot.errors import BusUnavailable
from tests.bus.engines import LEASE, ORDERED, PLAIN, clean, envelope, ids, nothing_comes, publish_many, take, until
from tests.servers.redis import RedisServer


@pytest.fixture
async def redis(embedded_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(embedded_url, protocol=2, socket_timeout=None) as client:
        yield client


@pytest.fixture
async def streams(redis: Redis, embedded_url: str, prefix: str) -> AsyncIterator[StreamsBus]:
    bus = StreamsBus(redis, prefix=prefix, deadline=30.0, lease_seconds=LEASE)
    await bus.declare([ORDERED, PLAIN])
    yield bus
    await clean(embedded_url, prefix)


async def test_a_consumer_that_lost_its_lease_delivers_nothing_until_it_is_its_turn_again(
    streams: StreamsBus, redis: Redis, prefix: str, caplog: pytest.LogCaptureFixture
) -> None:
    lease = Keys(prefix=prefix).lease(ORDERED.name)
    await publish_many(streams, ORDERED.name, 4)
    async with streams.subscribe(ORDERED.name, prefetch=2) as subscription:
        first, _ = await take(subscription, 2)
        await redis.set(lease, "somebody-else")

        async def noticed() -> bool:
            return any(getattr(record, "action", None) == "bus_lease_lost" for record in caplog.records)

        await until(noticed)
        await subscription.ack(first)  # too late: it is not ours any more
        assert await nothing_comes(subscription)
        await redis.delete(lease)
        again = await take(subscription, 2)
        assert ids(again) == ["m0", "m1"]
        assert all(delivery.redelivered for delivery in again)


async def test_streams_are_as_short_as_the_work_to_do(streams: StreamsBus, redis: Redis, prefix: str) -> None:
    keys = Keys(prefix=prefix)
    await publish_many(streams, ORDERED.name, 50)
    async with streams.subscribe(ORDERED.name, prefetch=50) as subscription:
        later, parked, *others = await take(subscription, 50)
        await subscription.later(later, 0.1)
        await subscription.park(parked, "code", "detail")
        (later,) = await take(subscription, 1)
        for delivery in (later, *others):
            await subscription.ack(delivery)
    assert await redis.xlen(keys.stream(ORDERED.name)) == 0
    assert await redis.zcard(keys.later(ORDERED.name)) == 0
    assert await redis.xlen(keys.parked) == 1


async def test_consumers_that_are_gone_leave_nothing_behind(streams: StreamsBus, redis: Redis, prefix: str) -> None:
    stream = Keys(prefix=prefix).stream(PLAIN.name)
    for number in range(5):
        await streams.publish(PLAIN.name, envelope(number))
        async with streams.subscribe(PLAIN.name, prefetch=1) as subscription:
            await take(subscription, 1)
    async with streams.subscribe(PLAIN.name, prefetch=10) as subscription:
        for delivery in await take(subscription, 5):
            await subscription.ack(delivery)

        async def one_consumer() -> bool:
            return len(await redis.xinfo_consumers(stream, "workers")) == 1

        await until(one_consumer)


@pytest.mark.services
@pytest.mark.parametrize("queue", [ORDERED.name, PLAIN.name])
async def test_an_engine_that_has_lost_everything_is_set_up_again(new_redis: Callable[[], RedisServer], queue: str) -> None:
    server = await asyncio.to_thread(new_redis)
    async with Redis.from_url(server.url, protocol=2, socket_timeout=None) as client:
        bus = StreamsBus(client, lease_seconds=LEASE)
        await bus.declare([ORDERED, PLAIN])
        async with bus.subscribe(queue, prefetch=2) as subscription:
            await asyncio.to_thread(server.wipe)

            async def published() -> bool:
                try:
                    await bus.publish(queue, envelope(1))
                except BusUnavailable:
                    return False
                return True

            await until(published)
            assert ids(await take(subscription, 1)) == ["m1"]
    await asyncio.to_thread(server.close)


async def test_a_long_outage_is_said_now_and_then(
    streams: StreamsBus, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Thirty subscriptions that say so five times a second would fill a disk, which may be why the engine is away."""
    failures, enough = 0, asyncio.Event()
    caplog.set_level("WARNING", "bot.adapters.streams.subscription")
    monkeypatch.setattr("bot.adapters.streams.subscription.RETRY_SECONDS", 0.0)

    async def away() -> tuple[bytes | None, float]:
        nonlocal failures
        failures += 1
        if failures == SAID_AGAIN + 1:
            enough.set()
        raise BusUnavailable(code="bus_lost")

    async with streams.subscribe(PLAIN.name, prefetch=1) as subscription:
        monkeypatch.setattr(subscription, "_step", away)
        async with asyncio.timeout(60):
            await enough.wait()
            said = [record.attempt for record in caplog.records if getattr(record, "action", None) == "bus_waiting"]  # type: ignore[attr-defined]
    assert said == [1, SAID_AGAIN]


async def test_what_is_no_message_of_ours_is_parked_and_holds_up_nothing(streams: StreamsBus, redis: Redis, prefix: str) -> None:
    """It would end the reader of its queue, and at each start again: nobody of that partition would be answered any more."""
    stream = Keys(prefix=prefix).stream(ORDERED.name)
    await streams.publish(ORDERED.name, envelope(0))
    await redis.xadd(stream, {b"m": b"\xc1 no message"})
    await streams.publish(ORDERED.name, envelope(1))
    async with streams.subscribe(ORDERED.name, prefetch=5) as subscription:
        for delivery in await take(subscription, 2):
            await subscription.ack(delivery)

        async def parked() -> bool:
            return [(one.queue, one.code, one.envelope.body) for one in await streams.parked()] == [
                (ORDERED.name, "unreadable", b"\xc1 no message")
            ]

        await until(parked)
    assert await redis.xlen(stream) == 0
