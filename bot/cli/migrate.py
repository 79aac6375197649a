"""``procare migrate``: bring what is stored to the form of this release, while nothing else runs."""

from __future__ import annotations

import asyncio
import getpass
import time
from collections import Counter

import click

from agents.registry import NAMES
from bot import logs, queues
from bot.app.desks import Still, open_still
from bot.app.engines import open_engines
from bot.app.erasing import erase_again
from bot.cli.times import in_utc
from bot.migrations import running
from bot.migrations.keyed_ids import KeyedIds
from bot.migrations.ledger import noted
from bot.migrations.running import Migration
from bot.ports.resealing import Step
from bot.sealing.keyring import LEAD
from config.engagement import load_engagement
from config.settings import Settings, read_settings


def migrations(still: Still, partitions: int, wait: float) -> list[Migration]:
    """In the order in which they run."""

    async def noticed() -> None:
        if wait:
            click.echo(f"waiting {wait:.0f} seconds until whatever still runs has noticed")
        await asyncio.sleep(wait)
        await running.quiet(still.bus, queues.topology(partitions, NAMES))

    return [KeyedIds(still.keys, still.place, still.store, still.moving, noticed)]


@click.command()
@click.option("--status", is_flag=True, help="Change nothing: tell what ran and what is still to be done.")
@click.option("--dry-run", is_flag=True, help="Change nothing: tell how much would be changed.")
@click.option("--back", is_flag=True, help="Take the last one back, also one that was broken off.")
@click.option(
    "--wait", type=click.FloatRange(0), default=LEAD, show_default=True, help="Seconds for what still runs; 0: nothing does."
)
def migrate(status: bool, dry_run: bool, back: bool, wait: float) -> None:
    """Run the migrations that are due. Stop every role first, with empty queues, and make a backup.

    It may be broken off at any time: run it again and it goes on. Until it has ended no role starts."""
    logs.set_up("CRITICAL")
    if status + dry_run + back > 1:
        raise click.UsageError("give one of --status, --dry-run and --back")
    asyncio.run(_status() if status else _preview() if dry_run else _run(back, wait))


async def _status() -> None:
    async with open_still(read_settings()) as still:
        for one in migrations(still, 1, 0.0):
            state = "not finished" if one.unfinished else "done" if one.done else "due"
            click.echo(f"{one.name:<12} {state:<12} {one.about}")
            if (ran := await noted(still.store.documents, one.name)) is not None:
                counts = ", ".join(f"{place} {count}" for place, count in ran.counts.items() if count)
                click.echo(f"{'':<12} {ran.state} since {in_utc(ran.at)}, by {ran.by}" + (f": {counts}" if counts else ""))


async def _preview() -> None:
    async with open_still(read_settings()) as still:
        for one in migrations(still, 1, 0.0):
            if one.done:
                click.echo(f"{one.name}: nothing is to be done")
                continue
            counts: Counter[str] = Counter()
            async for place, step in one.preview():
                counts[place] += step.done
            click.echo(f"{one.name}: would change " + ", ".join(f"{place} {counts[place]}" for place in sorted(counts)))


async def _run(back: bool, wait: float) -> None:
    settings = read_settings()
    by = f"staff {getpass.getuser()}"[:80]
    async with open_still(settings) as still:
        every = migrations(still, settings.partitions, wait)
        due = every[-1:] if back else [one for one in every if not one.done]
        if not due:
            click.echo("nothing is to be done")
            return
        await running.quiet(still.bus, queues.topology(settings.partitions, NAMES))
        for one in due:
            work = running.back if back else running.forward
            counts = await work(one, still.store, by, time.time, _told)
            parts = ", ".join(f"{place} {count}" for place, count in counts.items() if count) or "nothing was there to change"
            click.echo(f"{one.name} {'taken back' if back else 'done'}: {parts}")
    if not back and (erased := await _erased_again(settings)):
        click.echo(f"{erased} erasures from after the backup that was restored were done once more")


async def _erased_again(settings: Settings) -> int:
    """Whom a backup from before the migration has brought back."""
    async with open_engines(settings) as engines:
        return await erase_again(engines, load_engagement(), time.time())


def _told(place: str, step: Step) -> None:
    if step.done:
        click.echo(f"  {place:<10} {step.done}")
