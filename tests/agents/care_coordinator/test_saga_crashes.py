"""The booking saga, broken off at every effect: killed before and after it, the other side away, its answer lost.

Whatever happens, each booking ends in exactly one allowed state, and money and times agree with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from agents.care_coordinator.diary import Diary
from bot.model.effects import Intent
from bot.model.ids import EffectId
from bot.ports.payments import Payment
from tests.agents.care_coordinator.booking import OTHER, SLOT, THIRD, book, clinic, hook, link, paid_and_told, pay, settle, visit
from tests.agents.care_coordinator.world import ASHA, RAVI, START, Break, World

Scenario = Callable[[World], Awaitable[None]]


async def paid_and_asked(world: World) -> None:
    await book(world)
    await link(world)
    await pay(world)
    await world.ask("state", "payment_state", bill=visit(world))


async def paid_and_nobody_tells(world: World) -> None:
    await book(world)
    await link(world)
    await pay(world)
    await world.pass_time(400)


async def paid_in_the_last_second(world: World) -> None:
    await book(world)
    await link(world)
    world.now += 30 * 60 - 1
    await pay(world)


async def paid_in_time_and_noticed_late(world: World) -> None:
    await book(world)
    await link(world)
    await pay(world)
    world.now += 31 * 60


async def paid_after_the_end(world: World) -> None:
    await book(world)
    await link(world)
    await world.pass_time(3600)
    await hook(world, await pay(world, even_closed=True))


async def paid_after_the_end_and_nobody_tells(world: World) -> None:
    await book(world)
    await link(world)
    await world.pass_time(3600)
    await pay(world, even_closed=True)


async def paid_while_it_is_being_undone(world: World) -> None:
    await book(world)
    await link(world)
    world.now += 31 * 60
    await world.wake()
    await hook(world, await pay(world, even_closed=True))


async def never_paid(world: World) -> None:
    await book(world)
    await link(world)
    await world.pass_time(3600)


async def never_asked_for_a_link(world: World) -> None:
    await book(world)
    await world.pass_time(3600)


async def cancelled_before_paying(world: World) -> None:
    await book(world)
    await link(world)
    await world.ask("cancel", "cancel_visit", visit=visit(world))
    await hook(world, await pay(world, even_closed=True))


async def cancelled_after_paying(world: World) -> None:
    await paid_and_told(world)
    await world.ask("cancel", "cancel_visit", visit=visit(world))


async def moved_and_cancelled(world: World) -> None:
    await paid_and_told(world)
    await world.ask("move", "move_visit", visit=visit(world), slot=THIRD)
    await world.pass_time(10)
    await world.ask("cancel", "cancel_visit", visit=visit(world))


async def moved_to_a_time_that_is_taken(world: World) -> None:
    world.prepaid = True
    await paid_and_told(world)
    await book(world, "ravi", OTHER, RAVI)
    await world.ask("move", "move_visit", visit=visit(world), slot=OTHER)
    await world.ask("move2", "move_visit", visit=visit(world), slot=THIRD)


async def two_want_the_same_time(world: World) -> None:
    await book(world)
    await book(world, "ravi", SLOT, RAVI)
    await link(world)
    await hook(world, await pay(world))


async def two_want_it_and_the_first_gives_it_back(world: World) -> None:
    await book(world)
    await book(world, "ravi", SLOT, RAVI)
    await world.ask("cancel", "cancel_visit", visit=visit(world))


async def refused_by_the_payment_service(world: World) -> None:
    world.bank.refuses.add("make_link")
    await book(world)
    await link(world)


SCENARIOS: dict[Scenario, str] = {
    paid_and_told: "booked",
    paid_and_asked: "booked",
    paid_and_nobody_tells: "booked",
    paid_in_the_last_second: "booked",
    paid_in_time_and_noticed_late: "booked",
    paid_after_the_end: "expired",
    paid_after_the_end_and_nobody_tells: "expired",
    paid_while_it_is_being_undone: "expired",
    never_paid: "expired",
    never_asked_for_a_link: "expired",
    cancelled_before_paying: "cancelled",
    cancelled_after_paying: "cancelled",
    moved_and_cancelled: "cancelled",
    moved_to_a_time_that_is_taken: "booked",
    two_want_the_same_time: "booked",
    two_want_it_and_the_first_gives_it_back: "cancelled",
    refused_by_the_payment_service: "failed",
}
"""What may happen, and how Asha's booking ends when nothing goes wrong beside it."""


async def played(scenario: Scenario, breaks: dict[int, Break], *, prepaid: bool = True) -> World:
    world = World(clinic(), prepaid=prepaid)
    world.gates.breaks = breaks
    await scenario(world)
    await settle(world)
    world.check()
    return world


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
async def test_undisturbed_it_ends_as_it_should(scenario: Scenario) -> None:
    world = await played(scenario, {})
    assert {one.saga.id: one.saga.state for one in world.bookings()}[visit(world)] == SCENARIOS[scenario]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
async def test_broken_off_at_any_effect_it_ends_in_one_allowed_state(scenario: Scenario) -> None:
    effects = (await played(scenario, {})).gates.count
    assert effects > 5
    kinds: tuple[Break, ...] = ("before", "after", "away", "unknown")
    for number in range(effects):
        for kind in kinds:
            await played(scenario, {number: kind})


async def stood_still(scenario: Scenario, step: int, *, prepaid: bool = True) -> None:
    """Somebody stops at that step and goes on when all is over."""
    world = World(clinic(), prepaid=prepaid)
    world.gates.sleep_at = step
    await scenario(world)
    await settle(world)
    await world.wake_the_sleeper()
    await settle(world)
    world.check()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.__name__)
async def test_somebody_who_stood_still_at_any_step_and_goes_on_when_all_is_over_does_no_harm(scenario: Scenario) -> None:
    steps = (await played(scenario, {})).gates.steps
    for number in range(steps):
        await stood_still(scenario, number)


async def test_a_link_that_is_made_after_the_end_is_closed_although_nobody_repeats_the_question() -> None:
    world = World(clinic())
    await book(world)
    world.gates.sleep_at = world.gates.steps + 3  # the payment service's own step
    intent = Intent(EffectId("link"), ASHA, "care_coordinator", "payment_link", world.now, {"bill": visit(world)})
    await world.try_once(intent)
    assert world.asleep is not None
    world.bank.refuses.add("make_link")  # for everybody else
    await settle(world)
    assert not world.bank.links
    world.bank.refuses.clear()
    await world.wake_the_sleeper()
    assert [one.open for one in world.bank.links.values()] == [False]
    await settle(world)
    world.check()


async def test_after_a_move_that_failed_another_time_of_the_same_day_can_be_had() -> None:
    world = World(clinic())
    await paid_and_told(world)
    await book(world, "ravi", OTHER, RAVI)
    assert (await world.ask("move", "move_visit", visit=visit(world), slot=OTHER)).outcome == "taken"
    assert (await world.ask("move2", "move_visit", visit=visit(world), slot="rao@20261124T053000Z")).outcome == "moved"
    await settle(world)
    world.check()


async def test_what_cannot_be_sent_back_stays_open_for_a_person_to_see() -> None:
    world = World(clinic())
    await paid_and_told(world)
    world.bank.refuses.add("refund")
    result = await world.ask("cancel", "cancel_visit", visit=visit(world))
    assert result.outcome == "unavailable"  # nothing is promised that did not happen
    await world.pass_time(2 * 86_400)
    [booking] = world.bookings()
    assert booking.saga.state == "undoing"
    assert booking.saga.trouble is not None
    assert "refund" in booking.saga.trouble
    world.bank.refuses.clear()
    await settle(world)
    world.check()


async def test_money_that_cannot_be_sent_back_holds_up_neither_a_paid_visit_nor_its_reminder_nor_a_doctors_time() -> None:
    world = World(clinic())
    await book(world)
    await link(world)
    world.bank.refuses.add("refund")
    short = Payment("pay_short", 100)
    await hook(world, short, "short")
    await hook(world, await pay(world))
    [booking] = world.bookings()
    assert (booking.saga.state, booking.saga.trouble) == ("booked", "refund of pay_short: bad_request")
    await world.pass_time(booking.saga.place.start - 7190 - world.now)
    reminders = [one for one in world.told.values() if one.name == "visit_reminder"]
    assert [one.facts["hours"] for one in reminders] == [2]  # it was booked less than a day before
    world.now = START
    assert (await world.ask("cancel", "cancel_visit", visit=visit(world))).outcome == "unavailable"
    assert [one.state for one in world.entries()] == []
    assert (await book(world, "ravi", SLOT, RAVI)).outcome == "to_pay"
    await world.pass_time(10)
    assert [one.facts["change"] for one in world.told.values() if one.name == "doctor_visit"] == ["booked", "cancelled"]
    world.bank.refuses.clear()
    world.bank.links[f"{visit(world)}.1"].payments.append(short)
    await settle(world)
    world.check()


async def test_nothing_is_paid_for_a_visit_that_has_begun() -> None:
    world = World(clinic())
    start = world.now = 1795494600.0  # of the time that was offered an hour ago
    world.now -= 10 * 60
    assert (await book(world)).facts["until"] == "10:00"
    assert (await link(world)).outcome == "ready"
    await world.pass_time(10 * 60 + 1)
    [booking] = world.bookings()
    assert (booking.saga.place.start, booking.saga.state) == (start, "expired")
    await hook(world, await pay(world, even_closed=True))
    await settle(world)
    world.check()


async def at_the_clinic(world: World) -> None:
    await book(world)
    await book(world, "ravi", SLOT, RAVI)
    await world.pass_time(10)


async def at_the_clinic_and_cancelled(world: World) -> None:
    await book(world)
    await world.ask("cancel", "cancel_visit", visit=visit(world))


@pytest.mark.parametrize("scenario", [at_the_clinic, at_the_clinic_and_cancelled], ids=lambda one: one.__name__)
async def test_a_visit_that_is_paid_at_the_clinic_is_broken_off_at_any_step_and_stands_still_at_any(scenario: Scenario) -> None:
    whole = await played(scenario, {}, prepaid=False)
    kinds: tuple[Break, ...] = ("before", "after", "away", "unknown")
    for number in range(whole.gates.count):
        for kind in kinds:
            await played(scenario, {number: kind}, prepaid=False)
    for number in range(whole.gates.steps):
        await stood_still(scenario, number, prepaid=False)


async def test_a_visit_that_is_paid_at_the_clinic_costs_three_writes_and_so_does_taking_it_back() -> None:
    """The booking, the doctor's day, and the booking with its answer: each of them is a wait for the disk."""
    world = World(clinic(), prepaid=False)
    assert (await book(world)).outcome == "booked"
    assert world.gates.count == 3
    [day] = [one for one in world.documents.kept.values() if one.kind == "diary"]
    assert [one.state for one in msgspec.convert(day.data, Diary).entries] == ["booked"]
    assert (await world.ask("cancel", "cancel_visit", visit=visit(world))).outcome == "cancelled"
    assert world.gates.count == 6
