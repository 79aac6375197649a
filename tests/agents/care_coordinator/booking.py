"""A visit that is booked, paid, told of and left to settle: the steps of which stories of bookings are made."""

from __future__ import annotations

from functools import cache
from typing import Any

from agents.result import Result
from bot.ports.payments import Payment
from config.clinic import Clinic, load_clinic
from tests.agents.care_coordinator.world import ASHA, World

SLOT, OTHER, THIRD = "rao@20261124T043000Z", "rao@20261124T050000Z", "rao@20261126T043000Z"


@cache
def clinic() -> Clinic:
    made = load_clinic()
    doctors = tuple(one.model_copy(update={"member": "rao"}) for one in made.doctors)
    return made.model_copy(update={"doctors": doctors})


async def book(world: World, name: str = "book", slot: str = SLOT, person: str = ASHA) -> Result:
    return await world.ask(name, "book_visit", person=person, slot=slot, name="Asha")  # type: ignore[arg-type]


def visit(world: World, person: str = ASHA) -> str:
    found = [one.id for one in world.documents.kept.values() if one.kind == "booking" and one.person == person]
    return found[0]


async def pay(world: World, *, even_closed: bool = False) -> Payment | None:
    return world.bank.pay(f"{visit(world)}.1", even_closed=even_closed)


async def hook(world: World, payment: Payment | None, name: str = "hook") -> None:
    """The payment service tells of a payment, twice."""
    for number in (1, 2):
        if payment is not None:
            of: dict[str, Any] = {
                "reference": f"{visit(world)}.1",
                "payment": payment.id,
                "amount": payment.amount,
            }
            await world.ask(f"{name}{number}", "payment_event", what="paid", **of)


async def link(world: World) -> Result:
    return await world.ask("link", "payment_link", bill=visit(world))


async def paid_and_told(world: World) -> None:
    await book(world)
    await link(world)
    await hook(world, await pay(world))
    await world.pass_time(10)


async def settle(world: World) -> None:
    world.gates.breaks = {}
    await world.pass_time(3 * 86_400)
