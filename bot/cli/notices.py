"""``procare notices``: what one person was told unasked, what was not said, and why."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import click

from bot.app.desks import open_store
from bot.cli.audit import looked_at
from bot.cli.whom import person_named
from bot.model.effects import Record
from bot.notices.ledger import LEDGER
from config.settings import read_settings


@click.command()
@click.argument("person")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many, the newest first.")
def notices(person: str, limit: int) -> None:
    """Every decision about notices to PERSON (an id as logs have it, or a phone number like +919800000001), with its reason.
    Nobody's words are shown."""
    found = asyncio.run(_found(person, limit))
    for record in found:
        click.echo(line(record))
    if not found:
        click.echo("nothing was decided about this person")


async def _found(named: str, limit: int) -> list[Record]:
    async with open_store(read_settings()) as store:
        person = person_named(named)
        await looked_at(store, "looked at notices", person)
        return await store.records(person, LEDGER, limit)


def line(record: Record) -> str:
    """When (UTC), verdict, reason, class and topic of one decision."""
    when = datetime.fromtimestamp(record.at, UTC)
    words = [str(record.data.get(name, "-")) for name in ("verdict", "reason", "class", "topic")]
    return f"{when:%Y-%m-%d %H:%M}  {words[0]:<8} {words[1]:<14} {words[2]:<10} {words[3]}"
