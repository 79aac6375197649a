"""What is published comes out: once settled never again, in order, one active consumer at a time."""

from __future__ import annotations

import anyio
import pytest

from bot.errors import BusUnavailable
from bot.ports.bus import Bus, Envelope
from tests.bus.engines import ORDERED, PLAIN, envelope, ids, nothing_comes, open_bus, publish_many, take, until

BOTH = pytest.mark.parametrize("queue", [ORDERED.name, PLAIN.name])


@BOTH
async def test_an_envelope_arrives_as_it_was_published(bus: Bus, queue: str) -> None:
    sent = Envelope(id="3EB0\u0939", key="91 \u0928", body=bytes(range(256)) * 1000, at=1_796_000_000.654321, attempt=0)
    await bus.publish(queue, sent)
    async with bus.subscribe(queue, prefetch=1) as subscription:
        (delivery,) = await take(subscription, 1)
        assert delivery.envelope == sent
        assert delivery.queue == queue
        assert not delivery.redelivered


@BOTH
async def test_an_empty_body_arrives_too(bus: Bus, queue: str) -> None:
    await bus.publish(queue, Envelope(id="1", key="", body=b"", at=0.0))
    async with bus.subscribe(queue, prefetch=1) as subscription:
        (delivery,) = await take(subscription, 1)
        assert delivery.envelope.body == b""


async def test_a_confirmed_publish_is_there_for_a_bus_opened_later(url: str, prefix: str, bus: Bus) -> None:
    async with open_bus(url, prefix) as first:
        await first.publish(PLAIN.name, envelope(1))
    async with open_bus(url, prefix) as second, second.subscribe(PLAIN.name, prefetch=1) as subscription:
        assert ids(await take(subscription, 1)) == ["m1"]


@BOTH
async def test_the_order_of_the_calls_is_the_order_in_the_queue(bus: Bus, queue: str) -> None:
    sent = await publish_many(bus, queue, 300)
    async with bus.subscribe(queue, prefetch=50) as subscription:
        received = []
        for _ in sent:
            (delivery,) = await take(subscription, 1)
            received.append(delivery.envelope.id)
            await subscription.ack(delivery)
    assert received == sent


async def test_order_holds_while_publishing_and_consuming_overlap(bus: Bus) -> None:
    received: list[str] = []
    async with bus.subscribe(ORDERED.name, prefetch=10) as subscription, anyio.create_task_group() as group:
        group.start_soon(publish_many, bus, ORDERED.name, 200)
        while len(received) < 200:
            (delivery,) = await take(subscription, 1)
            received.append(delivery.envelope.id)
            await subscription.ack(delivery)
    assert received == [f"m{number}" for number in range(200)]


@BOTH
async def test_what_is_acknowledged_is_gone_whatever_the_order_of_settling(bus: Bus, queue: str) -> None:
    await publish_many(bus, queue, 10)
    async with bus.subscribe(queue, prefetch=10) as subscription:
        deliveries = await take(subscription, 10)
        for number in (9, 0, 1, 5, 2, 7):
            await subscription.ack(deliveries[number])
    async with bus.subscribe(queue, prefetch=10) as subscription:
        again = await take(subscription, 4)
        assert ids(again) == ["m3", "m4", "m6", "m8"]
        assert all(delivery.redelivered for delivery in again)
        for delivery in again:
            await subscription.ack(delivery)

    async def empty() -> bool:
        depth = await bus.depth(queue)
        return depth.ready == depth.unsettled == 0

    await until(empty)


@BOTH
async def test_what_is_unsettled_at_the_exit_comes_first_and_in_order(bus: Bus, queue: str) -> None:
    await publish_many(bus, queue, 12)
    async with bus.subscribe(queue, prefetch=5) as subscription:
        await take(subscription, 3)
    async with bus.subscribe(queue, prefetch=5) as subscription:
        received = []
        for _ in range(12):
            (delivery,) = await take(subscription, 1)
            received.append(delivery)
            await subscription.ack(delivery)
    assert ids(received) == [f"m{number}" for number in range(12)]
    assert all(delivery.redelivered for delivery in received[:3])


async def test_no_more_than_the_prefetch_is_out(bus: Bus) -> None:
    await publish_many(bus, PLAIN.name, 5)
    async with bus.subscribe(PLAIN.name, prefetch=2) as subscription:
        first, _ = await take(subscription, 2)
        assert await nothing_comes(subscription)
        await subscription.ack(first)
        assert ids(await take(subscription, 1)) == ["m2"]
        assert await nothing_comes(subscription)


async def test_only_one_consumer_of_an_ordered_queue_is_active_and_the_next_takes_over(url: str, prefix: str, bus: Bus) -> None:
    await publish_many(bus, ORDERED.name, 6)
    async with open_bus(url, prefix) as other, other.subscribe(ORDERED.name, prefetch=10) as active:
        first, _ = await take(active, 2)
        await active.ack(first)
        async with bus.subscribe(ORDERED.name, prefetch=10) as standby:
            assert await nothing_comes(standby)
            async with anyio.create_task_group() as group:
                group.start_soon(bus.publish, ORDERED.name, envelope(6))
            assert ids(await take(active, 5)) == ["m2", "m3", "m4", "m5", "m6"]
            assert await nothing_comes(standby)


async def test_a_standby_consumer_continues_where_the_active_one_left(url: str, prefix: str, bus: Bus) -> None:
    await publish_many(bus, ORDERED.name, 6)
    async with open_bus(url, prefix) as other:
        active = other.subscribe(ORDERED.name, prefetch=3)
        subscription = await active.__aenter__()
        first, *_ = await take(subscription, 3)
        async with bus.subscribe(ORDERED.name, prefetch=3) as standby:
            await subscription.ack(first)
            await active.__aexit__(None, None, None)
            received = []
            for _ in range(5):
                (delivery,) = await take(standby, 1)
                received.append(delivery)
                await standby.ack(delivery)
            assert ids(received) == ["m1", "m2", "m3", "m4", "m5"]
            assert received[0].redelivered


async def test_two_consumers_share_a_plain_queue(url: str, prefix: str, bus: Bus) -> None:
    async with (
        open_bus(url, prefix) as other,
        bus.subscribe(PLAIN.name, prefetch=2) as one,
        other.subscribe(PLAIN.name, prefetch=2) as two,
    ):
        await publish_many(bus, PLAIN.name, 4)
        assert sorted(ids(await take(one, 2) + await take(two, 2))) == ["m0", "m1", "m2", "m3"]


async def test_a_cancelled_get_takes_nothing(bus: Bus) -> None:
    async with bus.subscribe(PLAIN.name, prefetch=50) as subscription:
        received: list[str] = []
        async with anyio.create_task_group() as group:
            group.start_soon(publish_many, bus, PLAIN.name, 50)
            while len(received) < 50:
                with anyio.move_on_after(0.0005):
                    received.append((await subscription.get()).envelope.id)
        assert received == [f"m{number}" for number in range(50)]


async def test_an_acknowledgement_after_the_end_is_ignored(bus: Bus) -> None:
    await bus.publish(ORDERED.name, envelope(1))
    async with bus.subscribe(ORDERED.name, prefetch=1) as subscription:
        (late,) = await take(subscription, 1)
    await subscription.ack(late)
    await subscription.later(late, 0.1)
    await subscription.park(late, "code", "detail")
    async with bus.subscribe(ORDERED.name, prefetch=1) as subscription:
        (again,) = await take(subscription, 1)
        assert again.envelope == late.envelope
        await subscription.ack(late)  # a delivery of another subscription settles nothing here
    assert await bus.parked() == []


async def test_a_publish_to_a_queue_that_nobody_declared_is_an_error(bus: Bus) -> None:
    with pytest.raises(BusUnavailable) as caught:
        await bus.publish("nowhere", envelope(1))
    assert caught.value.code == "no_such_queue"
    await bus.publish(PLAIN.name, envelope(2))  # and the next publish is none the worse


async def test_a_subscription_to_a_queue_that_nobody_declared_is_an_error(bus: Bus) -> None:
    with pytest.raises(BusUnavailable):
        async with bus.subscribe("nowhere", prefetch=1):
            pass


async def test_an_error_inside_a_subscription_reaches_the_caller_as_it_is(bus: Bus) -> None:
    with pytest.raises(KeyError):
        async with bus.subscribe(PLAIN.name, prefetch=1):
            raise KeyError


async def test_the_depth_tells_ready_from_unsettled(bus: Bus) -> None:
    await publish_many(bus, PLAIN.name, 5)

    async def five() -> bool:
        return (await bus.depth(PLAIN.name)).ready == 5

    await until(five)
    assert (await bus.depth(PLAIN.name)).consumers == 0
    async with bus.subscribe(PLAIN.name, prefetch=2) as subscription:
        await take(subscription, 2)
        depth = await bus.depth(PLAIN.name)
        assert (depth.ready, depth.unsettled, depth.consumers) == (3, 2, 1)
        assert depth.oldest_age is not None
        assert depth.oldest_age > 1_000_000  # they carry times of years ago
    await until(five)
    with pytest.raises(BusUnavailable):
        await bus.depth("nowhere")


async def test_declaring_again_keeps_what_is_there(bus: Bus) -> None:
    await bus.publish(PLAIN.name, envelope(1))
    await bus.declare([ORDERED, PLAIN])
    await bus.ping()
    async with bus.subscribe(PLAIN.name, prefetch=1) as subscription:
        assert ids(await take(subscription, 1)) == ["m1"]
