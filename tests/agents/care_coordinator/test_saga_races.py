"""Several processes with the same booking at once, in every order that chance finds, and any sequence of what people may do."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import Context, copy_context
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ports.payments import Payment
from tests.agents.care_coordinator.booking import OTHER, SLOT, THIRD, book, clinic, link, settle, visit
from tests.agents.care_coordinator.world import ASHA, PROCESS, RAVI, Break, World

BREAKS: tuple[Break, ...] = ("before", "after", "away", "unknown")
KEEN = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


IDLE = 1000  # rounds in which nobody comes to an effect
Order = list[tuple[int, int]]
ORDERS = st.lists(st.tuples(st.integers(0, 5), st.integers(1, 25)), max_size=40)
"""Whose turn it is, and for how many effects: long runs leave the others standing with what they read long ago."""


def process(number: int) -> Context:
    context = copy_context()
    context.run(PROCESS.set, number)
    return context


async def interleaved(world: World, tasks: list[Coroutine[Any, Any, Any]], order: Order) -> None:
    """Run the tasks with their effects in a chosen order; reads wait for their turn too, so that states get old."""
    world.gates.waiting = {}
    running = [asyncio.create_task(one, context=process(number)) for number, one in enumerate(tasks)]
    turns = [number for number, times in order for _ in range(times)]
    idle = 0
    while not all(one.done() for one in running):
        for _ in range(6):
            await asyncio.sleep(0)  # until everybody stands before an effect
        standing = sorted(number for number, effects in world.gates.waiting.items() if effects)
        idle = 0 if standing else idle + 1
        assert idle < IDLE, "somebody waits for something that is no effect"
        if standing:
            wanted = turns.pop(0) % len(running) if turns else standing[0]
            world.gates.waiting[wanted if wanted in standing else standing[-1]].pop(0).set_result(None)
    world.gates.waiting = None
    for one in running:
        one.result()


async def hook(world: World, payment: Payment, name: str) -> None:
    data: dict[str, Any] = {"reference": f"{visit(world)}.1", "payment": payment.id, "amount": payment.amount, "what": "paid"}
    await world.ask(name, "payment_event", **data)


async def wake_later(world: World, seconds: float) -> None:
    world.now += seconds
    await world.wake()


@KEEN
@given(ORDERS, st.booleans(), st.booleans(), st.booleans())
async def test_payment_time_out_and_cancellation_at_the_same_moment(order: Order, hangs: bool, cancel: bool, move: bool) -> None:
    world = World(clinic())
    await book(world)
    await link(world)
    world.now += 31 * 60  # the time to pay is over, and nobody has looked yet
    payment = world.bank.pay(f"{visit(world)}.1") if hangs else None
    tasks: list[Coroutine[Any, Any, Any]] = [wake_later(world, 0), wake_later(world, 90), link(world)]
    if payment is not None:
        tasks.append(hook(world, payment, "hook"))
    if cancel:
        tasks.append(world.ask("cancel", "cancel_visit", visit=visit(world)))
    if move:
        tasks.append(world.ask("move", "move_visit", visit=visit(world), slot=THIRD))
    await interleaved(world, tasks, order)
    await settle(world)
    world.check()


@KEEN
@given(ORDERS)
async def test_many_who_want_the_same_time_and_one_gets_it(order: Order) -> None:
    world = World(clinic(), prepaid=False)
    people = [ASHA, RAVI, ASHA]
    asks = [world.ask(f"book{number}", "book_visit", person, slot=SLOT) for number, person in enumerate(people)]
    await interleaved(world, [*asks, wake_later(world, 40)], order)
    assert sorted(one.outcome for one in world.results.values() if one.outcome != "unavailable").count("booked") <= 1
    await settle(world)
    world.check()
    assert [one.saga.state for one in world.bookings()].count("booked") == 1


STEPS = st.sampled_from(
    ["book", "ravi", "link", "pay", "pay_late", "hook", "again", "state", "cancel", "move", "move2", "minute", "hour"]
)


@KEEN
@given(st.lists(STEPS, max_size=14), st.dictionaries(st.integers(0, 60), st.sampled_from(BREAKS), max_size=4))
async def test_whatever_people_do_in_whatever_order_with_several_breakdowns(steps: list[str], breaks: dict[int, Break]) -> None:
    world = World(clinic())
    world.gates.breaks = breaks
    payments: list[Payment] = []
    for number, step in enumerate(["book", *steps]):
        id_ = f"{step}{number}"
        match step:
            case "book" | "ravi":
                slot = SLOT if step == "book" else OTHER
                await world.ask(id_, "book_visit", ASHA if step == "book" else RAVI, slot=slot)
            case "link":
                await world.ask(id_, "payment_link", bill=visit(world))
            case "pay" | "pay_late":
                if (payment := world.bank.pay(f"{visit(world)}.1", even_closed=step == "pay_late")) is not None:
                    payments.append(payment)
            case "hook" if payments:
                await hook(world, payments[-1], id_)
            case "again" if world.results:
                first = next(iter(world.results))
                if first.startswith("book"):
                    before = world.results[first]
                    assert await world.ask(first, "book_visit", slot=SLOT) == before or before.outcome == "unavailable"
            case "state":
                await world.ask(id_, "payment_state", bill=visit(world))
            case "cancel":
                await world.ask(id_, "cancel_visit", visit=visit(world))
            case "move" | "move2":
                await world.ask(id_, "move_visit", visit=visit(world), slot=OTHER if step == "move" else THIRD)
            case "minute" | "hour":
                await world.pass_time(60 if step == "minute" else 3600)
    await settle(world)
    world.check()
