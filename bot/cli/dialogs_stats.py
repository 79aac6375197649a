"""``procare dialogs stats`` and the counts on drawings: what people did in a flow, from the journal in the durable store."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import click
import msgspec

from bot import logs
from bot.app.desks import open_store
from bot.app.tallying import MOST, tally_of
from bot.cli.dialogs import read_flow
from bot.dialogue.tally import Tally
from bot.dialogue.transcript.script import seconds_of
from config.settings import read_settings

SINCE = click.option(
    "--since", default="7d", show_default=True, help="From when on: like 12h, 7d, or a day like 2026-01-31 (UTC)."
)


@click.command("stats")
@click.argument("flow")
@SINCE
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it.")
def dialogs_stats(flow: str, since: str, form: str) -> None:
    """What people did in FLOW, step by step: how many came, answered, were not understood, stayed silent, went elsewhere."""
    file = read_flow(flow)
    tally, whole = counted(since)
    rows = tally.of(file)
    if form == "json":
        found = {"flow": file.flow, "since": since, "whole": whole, "started": tally.started[file.flow], "steps": rows}
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return
    click.echo(f"{'step':<28} {'entered':>8} {'answered':>9} {'unclear':>8} {'silent':>7} {'left':>6}")
    for row in rows:
        gone = "" if row.step in file.steps else "  (no longer in the flow)"
        counts = f"{row.entered:>8} {row.answered:>9} {row.unclear:>8} {row.silent:>7} {row.left:>6}"
        click.echo(f"{row.step:<28} {counts}{gone}")
    click.echo(f"{file.flow} was started {tally.started[file.flow]} times; {tally.turns} turns of all flows since {since}")
    if not whole:
        click.echo(f"only the first {MOST} turns were counted; choose a later --since")


def counted(since: str) -> tuple[Tally, bool]:
    """The journal from ``since`` on, counted, and whether that was all of it."""
    begin = _moment(since)
    logs.set_up("ERROR")

    async def count() -> tuple[Tally, bool]:
        async with open_store(read_settings()) as store:
            return await tally_of(store, begin)

    return asyncio.run(count())


def _moment(since: str) -> float:
    ago = seconds_of(since)
    if ago is not None:
        return time.time() - ago
    try:
        return datetime.strptime(since, "%Y-%m-%d").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise click.UsageError(f"'{since}' is neither a duration like 12h or 7d nor a day like 2026-01-31") from None
