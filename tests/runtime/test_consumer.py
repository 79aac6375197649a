"""Consuming: order for each person, side by side across people, nothing settled wrongly."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.app.engines import Engines
from bot.errors import GatewayUnavailable, Malformed, OutcomeUnknown, StoreUnavailable
from bot.metrics import Metrics
from bot.ports.bus import Delivery, Envelope, QueueSpec
from bot.running.consumer import Consumer
from tests.runtime.parts import Flaky

QUEUE = "turns.0"


async def fill(engines: Engines, *items: tuple[str, str]) -> None:
    await engines.bus.declare([QueueSpec(QUEUE, ordered=True)])
    for key, name in items:
        await engines.bus.publish(QUEUE, Envelope(id=name, key=key, body=b"{}", at=1.0))


async def run_until(
    engines: Engines, handler: Callable[[Delivery], Awaitable[None]], done: asyncio.Event, *, drain: float = 30.0
) -> Metrics:
    metrics, stop = Metrics(), asyncio.Event()
    consumer = Consumer(engines.bus, QUEUE, handler, metrics, prefetch=50, budget=30.0, longest_pause=0.05, drain_seconds=drain)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(consumer.run(stop))
        await done.wait()
        stop.set()
    return metrics


async def test_one_persons_messages_wait_for_each_other_and_others_do_not(engines: Engines) -> None:
    await fill(engines, ("a", "a1"), ("a", "a2"), ("b", "b1"))
    b_done, all_done = asyncio.Event(), asyncio.Event()
    order: list[str] = []

    async def handler(delivery: Delivery) -> None:
        if delivery.envelope.id == "a1":
            await b_done.wait()  # would never end if people waited for each other
        order.append(delivery.envelope.id)
        if delivery.envelope.id == "b1":
            b_done.set()
        if len(order) == 3:
            all_done.set()

    await run_until(engines, handler, all_done)
    assert order == ["b1", "a1", "a2"]
    assert (await engines.bus.depth(QUEUE)).ready == 0


async def test_an_outage_holds_the_lane_and_keeps_its_order(engines: Engines) -> None:
    await fill(engines, ("a", "a1"), ("a", "a2"), ("a", "a3"))
    order: list[str] = []
    done = asyncio.Event()
    failures = 8

    async def handler(delivery: Delivery) -> None:
        nonlocal failures
        if delivery.envelope.id == "a1" and failures:
            failures -= 1
            raise StoreUnavailable
        order.append(delivery.envelope.id)
        if len(order) == 3:
            done.set()

    metrics = await run_until(engines, handler, done)
    assert order == ["a1", "a2", "a3"]
    assert b'procare_retries_total{code="StoreUnavailable",queue="turns"} 8.0' in metrics.render()


async def test_an_unknown_outcome_after_a_long_outage_is_not_parked(engines: Engines) -> None:
    await fill(engines, ("a", "a1"))
    done = asyncio.Event()
    # The circuit is open, now and then one message may try, and the gateway still answers with 500.
    plan: list[Exception] = [error for _ in range(4) for error in (*[GatewayUnavailable()] * 4, OutcomeUnknown())]

    async def handler(delivery: Delivery) -> None:
        if plan:
            raise plan.pop(0)
        done.set()

    await run_until(engines, handler, done)
    assert await engines.bus.parked() == []


async def test_a_queue_that_becomes_ours_during_an_outage_is_consumed_after_it(engines: Engines) -> None:
    await fill(engines, ("a", "a1"))
    bus, done, stop = Flaky(engines.bus), asyncio.Event(), asyncio.Event()
    bus.down = True

    async def handler(delivery: Delivery) -> None:
        done.set()

    consumer = Consumer(bus, QUEUE, handler, Metrics(), prefetch=5, budget=30.0, longest_pause=0.05)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(consumer.run(stop))
        while bus.asked < 3:  # noqa: ASYNC110 - the bus has no event for it
            await asyncio.sleep(0.01)
        bus.down = False
        await done.wait()
        stop.set()


async def test_a_stop_during_an_outage_ends_a_consumer_that_never_subscribed(engines: Engines) -> None:
    bus, stop = Flaky(engines.bus), asyncio.Event()
    bus.down = True

    async def handler(delivery: Delivery) -> None:
        raise AssertionError("nothing can come")

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(Consumer(bus, QUEUE, handler, Metrics(), prefetch=5, budget=30.0).run(stop))
        await asyncio.sleep(0)
        stop.set()


async def test_poison_is_parked_with_its_reason_and_the_queue_goes_on(engines: Engines) -> None:
    await fill(engines, ("a", "bad"), ("a", "bug"), ("a", "good"))
    done = asyncio.Event()

    async def handler(delivery: Delivery) -> None:
        match delivery.envelope.id:
            case "bad":
                raise Malformed("field x is not a number", code="malformed")
            case "bug":
                raise KeyError("my chest hurts")
        done.set()

    await run_until(engines, handler, done)
    parked = await engines.bus.parked()
    assert [(item.envelope.id, item.code) for item in parked] == [("bad", "malformed"), ("bug", "KeyError")]
    assert "chest" not in parked[1].detail
    assert "test_consumer.py" in parked[1].detail


async def test_a_stop_finishes_what_was_begun_and_gives_back_the_rest(engines: Engines) -> None:
    await fill(engines, ("a", "a1"), ("a", "a2"), ("b", "b1"))
    begun, release = asyncio.Event(), asyncio.Event()
    finished: list[str] = []

    async def handler(delivery: Delivery) -> None:
        if delivery.envelope.id == "a1":
            begun.set()
            await release.wait()
        finished.append(delivery.envelope.id)

    async def let_go() -> None:
        await begun.wait()
        asyncio.get_running_loop().call_later(0.2, release.set)

    async with asyncio.TaskGroup() as group:
        group.create_task(let_go())
        await run_until(engines, handler, begun)
    assert "a1" in finished
    assert "a2" not in finished
    again: list[str] = []
    done = asyncio.Event()

    async def rest(delivery: Delivery) -> None:
        again.append(delivery.envelope.id)
        if "a2" in again:
            done.set()

    await run_until(engines, rest, done)
    assert "a1" not in again


async def test_an_attempt_has_a_deadline(engines: Engines) -> None:
    await fill(engines, ("a", "slow"))
    attempts = 0
    done = asyncio.Event()

    async def handler(delivery: Delivery) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 2:
            done.set()
            return
        await asyncio.Event().wait()

    metrics, stop = Metrics(), asyncio.Event()
    consumer = Consumer(engines.bus, QUEUE, handler, metrics, prefetch=5, budget=0.1, longest_pause=0.05)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(consumer.run(stop))
        await done.wait()
        stop.set()
    assert b'code="TimeoutError"' in metrics.render()
