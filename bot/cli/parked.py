"""``procare parked``: look at what was set aside, and decide."""

from __future__ import annotations

import asyncio
import getpass
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from bot import logs
from bot.app.desks import open_bus, open_bus_and_audit
from bot.audit.parked import Decision, decide
from bot.cli.times import in_utc
from bot.logs import nameless, redact, short
from bot.ports.bus import Bus, Parked
from config.settings import read_settings

T = TypeVar("T")


@click.group()
def parked() -> None:
    """Messages that could not be handled: list, show, replay or drop them."""


@parked.command("list")
@click.option("--limit", default=100, show_default=True, help="How many at most, oldest first.")
def list_parked(limit: int) -> None:
    """List what is parked, oldest first."""
    items = _with_bus(lambda bus: bus.parked(limit))
    for item in items:
        click.echo(f"{item.id}  {in_utc(item.parked_at)}  {item.queue:<24} {item.code}")
    click.echo(f"{len(items)} parked" + (" or more" if len(items) == limit else ""))


@parked.command()
@click.argument("parked_id")
def show(parked_id: str) -> None:
    """Show one, without the person's words."""
    item = _find(parked_id)
    click.echo(f"id        {item.id}")
    click.echo(f"queue     {item.queue}")
    click.echo(f"parked    {in_utc(item.parked_at)}")
    click.echo(f"first in  {in_utc(item.envelope.at)}, {item.envelope.attempt} delayed retries")
    click.echo(f"code      {item.code}")
    click.echo(f"reason    {redact(item.detail)}")
    click.echo(f"person    {nameless(item.envelope.key)}")
    click.echo(f"message   {short(item.envelope.id)}, {len(item.envelope.body)} bytes")


@parked.command()
@click.argument("parked_id")
def replay(parked_id: str) -> None:
    """Put one back on its queue."""
    if not _decided("replay", parked_id):
        raise click.ClickException(f"nothing is parked under {parked_id}")
    click.echo("replayed")


@parked.command()
@click.argument("parked_id")
@click.confirmation_option(prompt="Delete it for good?")
def drop(parked_id: str) -> None:
    """Delete one for good."""
    if not _decided("drop", parked_id):
        raise click.ClickException(f"nothing is parked under {parked_id}")
    click.echo("dropped")


def _find(parked_id: str) -> Parked:
    for item in _with_bus(lambda bus: bus.parked(10_000)):
        if item.id == parked_id:
            return item
    raise click.ClickException(f"nothing is parked under {parked_id}")


def _with_bus(work: Callable[[Bus], Awaitable[T]]) -> T:
    logs.set_up("ERROR")

    async def run() -> T:
        async with open_bus(read_settings()) as bus:
            return await work(bus)

    return asyncio.run(run())


def _decided(what: Decision, parked_id: str) -> bool:
    """Entered in the audit log before and after."""
    logs.set_up("ERROR")

    async def run() -> bool:
        async with open_bus_and_audit(read_settings()) as (bus, audit):
            return await decide(bus, audit, what, parked_id, f"staff {getpass.getuser()}"[:80], time.time)

    return asyncio.run(run())
