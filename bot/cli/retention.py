"""``procare retention``: what was kept for long enough goes."""

from __future__ import annotations

import asyncio
import time

import click

from bot import logs
from bot.app.desks import open_store
from bot.upkeep.retention import count_old, drop_old
from config.retention import load_retention
from config.settings import read_settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Delete nothing: tell how many would go.")
def retention(dry_run: bool) -> None:
    """Delete what is older than config/retention.yaml says (the scheduler does so once a day)."""
    logs.set_up("CRITICAL")
    rules = load_retention()

    async def work() -> dict[str, int]:
        async with open_store(read_settings()) as store:
            return await (count_old if dry_run else drop_old)(store, rules, time.time())

    for name, count in asyncio.run(work()).items():
        days = rules.classes[name].days
        rule = "stays until erased" if days is None else f"older than {days} days: {count}"
        click.echo(f"{name:<14} {rule}")
    click.echo(f"{'would be deleted' if dry_run else 'deleted'}; the rules: {rules.sign_off.status}")
