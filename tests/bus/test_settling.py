"""Later, parked, replayed, dropped: a message is always in exactly one place."""

from __future__ import annotations

import time

import anyio
import pytest

from bot.ports.bus import Bus
from tests.bus.engines import ORDERED, PLAIN, envelope, ids, publish_many, take, until

BOTH = pytest.mark.parametrize("queue", [ORDERED.name, PLAIN.name])


@BOTH
async def test_later_brings_it_again_with_one_attempt_more_and_its_first_time(bus: Bus, queue: str) -> None:
    await publish_many(bus, queue, 2)
    async with bus.subscribe(queue, prefetch=2) as subscription:
        first, second = await take(subscription, 2)
        began = time.monotonic()
        await subscription.later(first, 0.25)
        await subscription.ack(second)
        (again,) = await take(subscription, 1)
        assert time.monotonic() - began > 0.2
        assert again.envelope.attempt == 1
        assert (again.envelope.id, again.envelope.at, again.envelope.body) == ("m0", first.envelope.at, first.envelope.body)
        await subscription.later(again, 0.1)
        (third,) = await take(subscription, 1)
        assert third.envelope.attempt == 2
        await subscription.ack(third)


async def test_later_frees_a_slot_and_does_not_hold_up_the_others(bus: Bus) -> None:
    await publish_many(bus, ORDERED.name, 3)
    async with bus.subscribe(ORDERED.name, prefetch=1) as subscription:
        (first,) = await take(subscription, 1)
        await subscription.later(first, 1)
        received = []
        for _ in range(3):
            (delivery,) = await take(subscription, 1)
            received.append(delivery)
            await subscription.ack(delivery)
    assert ids(received) == ["m1", "m2", "m0"]


async def test_a_delayed_message_survives_the_subscription_that_delayed_it_and_is_counted(bus: Bus) -> None:
    await publish_many(bus, PLAIN.name, 2)
    assert await bus.delayed() == 0
    async with bus.subscribe(PLAIN.name, prefetch=2) as subscription:
        for delivery, seconds in zip(await take(subscription, 2), (0.5, 3600.0), strict=True):
            await subscription.later(delivery, seconds)
    async with bus.subscribe(PLAIN.name, prefetch=1) as subscription:
        (again,) = await take(subscription, 1)
        assert (again.envelope.id, again.envelope.attempt) == ("m0", 1)
        await subscription.ack(again)

    async def one() -> bool:
        return await bus.delayed() == 1

    await until(one)  # a broker counts a little later


async def test_many_delayed_together_all_come_back(bus: Bus) -> None:
    sent = await publish_many(bus, PLAIN.name, 40)
    async with bus.subscribe(PLAIN.name, prefetch=40) as subscription:
        async with anyio.create_task_group() as group:
            for number, delivery in enumerate(await take(subscription, 40)):
                group.start_soon(subscription.later, delivery, 0.1 if number % 2 else 0.25)
        again = await take(subscription, 40)
        assert sorted(ids(again)) == sorted(sent)
        assert {delivery.envelope.attempt for delivery in again} == {1}


async def test_parked_messages_are_listed_oldest_first_and_stay(bus: Bus) -> None:
    await publish_many(bus, PLAIN.name, 4)
    async with bus.subscribe(PLAIN.name, prefetch=4) as subscription:
        for delivery in await take(subscription, 4):
            await subscription.park(delivery, "bad_form", "field x \u0905" * 3000)
    for limit in (2, 4, 1, 100):  # looking changes nothing, however often and at however few
        parked = await bus.parked(limit)
        assert [row.envelope.id for row in parked] == ["m0", "m1", "m2", "m3"][:limit]
    row = parked[0]
    assert (row.queue, row.code) == (PLAIN.name, "bad_form")
    assert row.detail.startswith("field x \u0905")
    assert len({row.id for row in parked}) == 4
    assert abs(row.parked_at - time.time()) < 60
    assert row.envelope == envelope(0)
    assert (await bus.depth(PLAIN.name)).ready == 0


async def test_a_replayed_message_comes_again_as_a_first_attempt(bus: Bus) -> None:
    await publish_many(bus, ORDERED.name, 2)
    async with bus.subscribe(ORDERED.name, prefetch=2) as subscription:
        first, second = await take(subscription, 2)
        await subscription.later(first, 0.1)
        (first,) = await take(subscription, 1)
        await subscription.park(first, "code", "detail")
        await subscription.park(second, "code", "detail")
        one, two = await bus.parked()
        assert one.envelope.attempt == 1
        assert await bus.replay(one.id)
        (again,) = await take(subscription, 1)
        assert again.envelope == envelope(0)
        await subscription.ack(again)
    assert [row.id for row in await bus.parked()] == [two.id]
    assert not await bus.replay(one.id)


async def test_a_dropped_message_is_gone(bus: Bus) -> None:
    await publish_many(bus, PLAIN.name, 2)
    async with bus.subscribe(PLAIN.name, prefetch=2) as subscription:
        for delivery in await take(subscription, 2):
            await subscription.park(delivery, "code", "detail")
    one, two = await bus.parked()
    assert await bus.drop(one.id)
    assert not await bus.drop(one.id)
    assert not await bus.drop("no such id")
    assert not await bus.replay("no such id")
    assert [row.id for row in await bus.parked()] == [two.id]
