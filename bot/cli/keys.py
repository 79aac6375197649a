"""``procare keys``: the keys of what is stored. They are changed while the service runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from bot import logs
from bot.app.desks import open_keys, open_resealing
from bot.cli.times import in_utc
from bot.ports.keys import KeyPlace, WrappedKey
from bot.sealing.keyring import LEAD, Keyring
from bot.sealing.master import new_master_key
from config.settings import read_settings

T = TypeVar("T")
SETTLED = 600.0
"""Seconds after which no process seals with an older key any more, with some for clocks that differ."""


@click.group()
def keys() -> None:
    """The keys that encrypt what is stored (docs/operations.md, "Keys")."""


@keys.command()
def new() -> None:
    """Print a new master key. It is stored nowhere."""
    click.echo(new_master_key())


@keys.command()
def status() -> None:
    """Which keys there are, and which one seals now."""
    held, current = _with_keys(lambda ring, _: _status(ring))
    for key in held:
        what = "opens" if key.purpose == "data" and key.id != current else "seals" if key.purpose == "data" else "names"
        since = f"from {in_utc(key.at)}" if key.at else ""
        click.echo(f"{key.purpose:<6} {key.number:>3}  {key.id}  {what:<6} wrapped by {key.master}  {since}".rstrip())


@keys.command()
def rotate() -> None:
    """Make a new data key. What was sealed before stays readable with the old ones."""
    made = _with_keys(lambda ring, place: ring.rotate(place))
    click.echo(f"data key {made.number} ({made.id}) is made and seals from {in_utc(made.at)}, in {LEAD:.0f} seconds, everywhere")


@keys.command()
def rewrap() -> None:
    """Wrap all keys with the new master key, while PROCARE_MASTER_KEY is `new,old` everywhere."""
    count = _with_keys(lambda ring, place: ring.rewrap(place))
    click.echo(f"{count} keys wrapped anew; when no role needs the old master key any more, take it out of the settings")


@keys.command()
@click.option("--per-second", type=click.IntRange(1, 100_000), default=2000, show_default=True, help="Values a second, at most.")
def reencrypt(per_second: int) -> None:
    """Seal everything that is stored with the newest data key, also what was stored before there were keys.

    It may be broken off and begun again, and the service may run meanwhile. Exit status 1: something cannot be opened."""
    logs.set_up("ERROR")
    if asyncio.run(_reencrypt(per_second)):
        raise click.ClickException("what cannot be opened was left as it is: it was changed, or its key is not in the store")


async def _reencrypt(per_second: int) -> int:
    lost = 0
    async with open_resealing(read_settings()) as (ring, places):
        if any(time.time() - key.at < SETTLED for key in ring.status()[0]):
            raise click.ClickException("the newest data key is not in use everywhere yet: wait ten minutes")
        for one in places:
            done = unreadable = 0
            async for step in one.steps():
                done, unreadable = done + step.done, unreadable + step.unreadable
                await asyncio.sleep(step.done / per_second)
            click.echo(f"{one.place:<10} {done} sealed anew" + (f", {unreadable} CANNOT BE OPENED" if unreadable else ""))
            lost += unreadable
    return lost


async def _status(ring: Keyring) -> tuple[list[WrappedKey], str]:
    return ring.status()


def _with_keys(work: Callable[[Keyring, KeyPlace], Awaitable[T]]) -> T:
    logs.set_up("ERROR")

    async def run() -> T:
        async with open_keys(read_settings()) as (ring, place):
            return await work(ring, place)

    return asyncio.run(run())
