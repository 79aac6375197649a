"""``procare keys``: the keys of what is stored. They are changed while the service runs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import click

from bot import logs
from bot.app.engines import open_keys
from bot.ports.keys import KeyPlace, WrappedKey
from bot.sealing.keyring import LEAD, Keyring
from bot.sealing.master import new_master_key
from config.settings import read_settings

T = TypeVar("T")


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
        what = "names" if key.purpose == "index" else "seals" if key.id == current else "opens"
        since = f"from {_when(key.at)}" if key.at else ""
        click.echo(f"{key.purpose:<6} {key.number:>3}  {key.id}  {what:<6} wrapped by {key.master}  {since}".rstrip())


@keys.command()
def rotate() -> None:
    """Make a new data key. What was sealed before stays readable with the old ones."""
    made = _with_keys(lambda ring, place: ring.rotate(place))
    click.echo(f"data key {made.number} ({made.id}) is made and seals from {_when(made.at)}, in {LEAD:.0f} seconds, everywhere")


@keys.command()
def rewrap() -> None:
    """Wrap all keys with the new master key, while PROCARE_MASTER_KEY is `new,old` everywhere."""
    count = _with_keys(lambda ring, place: ring.rewrap(place))
    click.echo(f"{count} keys wrapped anew; when no role needs the old master key any more, take it out of the settings")


async def _status(ring: Keyring) -> tuple[list[WrappedKey], str]:
    return ring.status()


def _with_keys(work: Callable[[Keyring, KeyPlace], Awaitable[T]]) -> T:
    logs.set_up("ERROR")

    async def run() -> T:
        async with open_keys(read_settings()) as (ring, place):
            return await work(ring, place)

    return asyncio.run(run())


def _when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
