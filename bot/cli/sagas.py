"""``procare sagas``: how bookings stand, for the people who look after them. Nobody's name or number is shown."""

from __future__ import annotations

import asyncio

import click

from agents.care_coordinator.booking import KIND, Booking, read
from agents.care_coordinator.money import rupees
from agents.care_coordinator.saga import ENDS, next_action
from bot import logs
from bot.app.desks import open_store
from bot.cli.audit import looked_at
from bot.cli.times import in_utc
from bot.logs import nameless
from bot.ports.documents import Document
from config.settings import read_settings

STUCK = 9
"""So many failures in a row mean that a person has to look."""
PAGE = 500


@click.group()
def sagas() -> None:
    """Bookings: visit or test, payment, calendar, notice. What is under way, and what needs a person."""


@sagas.command("list")
@click.option("--state", help="Only those in this state, such as paying, undoing or booked.")
@click.option("--stuck", is_flag=True, help="Only those that need a person.")
@click.option("--all", "every", is_flag=True, help="Also those that are over.")
@click.option("--limit", default=100, show_default=True, help="How many at most, in the order of their ids.")
def list_sagas(state: str | None, stuck: bool, every: bool, limit: int) -> None:
    """List bookings; without an option those that are not over."""
    logs.set_up("CRITICAL")
    shown = 0
    for document in asyncio.run(_listed(state)):
        booking = read(document)
        open_ = booking.saga.state not in ENDS or _stuck(booking)  # money that is owed after the end is not over either
        if (stuck and not _stuck(booking)) or not (every or state or open_):
            continue
        if shown == limit:
            click.echo(f"{shown} shown, and more")
            return
        shown += 1
        saga = booking.saga
        mark = "   needs a person" if _stuck(booking) else ""
        when = f"{saga.place.about.get('day', '')} {saga.place.about.get('time', '')}"
        click.echo(f"{document.id}  {saga.state:<10} {saga.kind:<5} {when:<16} {rupees(saga.amount):>10}{mark}")
    click.echo(f"{shown} shown")


@sagas.command()
@click.argument("saga_id")
def show(saga_id: str) -> None:
    """Show one: where it stands, what is done next, and what became of the money."""
    logs.set_up("CRITICAL")
    document = asyncio.run(_found(saga_id))
    if document is None:
        raise click.ClickException(f"there is no booking {saga_id}")
    booking = read(document)
    saga = booking.saga
    action = next_action(saga)
    kept = sum(one.amount for one in saga.kept)
    rows = [
        ("id", document.id),
        ("person", nameless(document.person)),
        ("kind", saga.kind),
        ("state", saga.state + (f", then {saga.end}" if saga.state == "undoing" and saga.end else "")),
        ("next", type(action).__name__ if action else "waits" if saga.state not in ENDS else "-"),
        ("due", _when(document.due)),
        ("time", f"{saga.place.slot} ({saga.place.about.get('day', '')} {saga.place.about.get('time', '')})"),
        ("hold", f"{saga.key()}{', given back' if 'slot' in saga.closed else ''}"),
        ("fee", f"{rupees(saga.amount)}{', beforehand' if saga.prepaid else ', not through us'}"),
        ("link", saga.link.id if saga.link else "-"),
        *[
            ("payment", f"{one.id} {rupees(one.amount)}{', sent back' if one.id in saga.refunded else ''}")
            for one in saga.payments
        ],
        ("kept", rupees(kept)),
        ("happened", booking.happened or "-") if saga.kind == "visit" else ("result", _result(booking)),
        ("to tell", ", ".join(news.name for news in booking.news) or "-"),
        ("failures", f"{saga.tries} in a row: {saga.trouble}" if saga.tries else "-"),
    ]
    for name, value in rows:
        click.echo(f"{name:<9} {value}")


def _result(booking: Booking) -> str:
    """How far a laboratory's result has come; no value of it."""
    result, next_look = booking.result, f"asked for {_when(booking.result_at)}"
    if result is None:
        return next_look if booking.result_at is not None else "-"
    corrected = f", corrected {result.number} times" if result.number else ""
    return f"here{corrected}, {'wanted' if result.kept else 'not wanted'} among the readings; {next_look}"


def _stuck(booking: Booking) -> bool:
    return booking.saga.tries >= STUCK


async def _listed(state: str | None) -> list[Document]:
    found: list[Document] = []
    async with open_store(read_settings()) as store:
        while True:
            page = await store.documents.listed(KIND, state=state, limit=PAGE, after=found[-1].id if found else None)
            found += page
            if len(page) < PAGE:
                return found


async def _found(id_: str) -> Document | None:
    async with open_store(read_settings()) as store:
        document = await store.documents.get(KIND, id_)
        if document is not None:
            await looked_at(store, "looked at a booking", document.person)
        return document


def _when(at: float | None) -> str:
    return "-" if at is None else in_utc(at)
