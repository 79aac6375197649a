"""``procare forecast``: the waves of the hours to come, and by when the channel is through with each."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import datetime

import click

from agents.engagement_engine import schedule
from agents.engagement_engine.digests import DIGEST
from agents.engagement_engine.kept import KIND
from bot.app.desks import open_store
from bot.notices.days import zone_of
from bot.notices.wave import Batch, Wave, forecast
from bot.ports.documents import Document, Documents
from config.engagement import Engagement, load_engagement
from config.settings import read_settings

PAGE = 1000
SHORT = 60.0  # seconds of the channel's work that are no wave


@click.command("forecast")
@click.option("--hours", type=click.FloatRange(0.1, 168), default=24.0, show_default=True, help="How far to look ahead.")
@click.option("--rate", type=click.FloatRange(0.1), default=None, help="Messages a second. Default: PROCARE_SEND_RATE.")
def forecast_command(hours: float, rate: float | None) -> None:
    """By when the reminders and digests of each wave are sent, medicines first, and how many would come too late.

    An upper bound: what was done already, or has no place in its day, is not sent. The clock: the one of engagement.yaml."""
    settings, rules, now = read_settings(), load_engagement(), time.time()

    async def look() -> list[Batch]:
        async with open_store(settings) as store:
            return await coming(store.documents, rules, now, now + hours * 3600.0)

    batches = asyncio.run(look())
    click.echo(f"{sum(one.count for one in batches)} reminders and digests in {hours:g} hours")
    waves = [one for one in forecast(batches, rate or settings.send_rate, now) if one.done - one.begun >= SHORT]
    for wave in waves:
        click.echo(line(wave, rules.zone))
    if not waves:
        click.echo("the channel is through with each hour's in less than a minute")


async def coming(documents: Documents, rules: Engagement, since: float, until: float) -> list[Batch]:
    """What comes due, counted by kind and moment."""
    found: Counter[tuple[float, str]] = Counter()
    for kind in (KIND, DIGEST):
        after = None
        while page := await documents.listed(kind, state="active", limit=PAGE, after=after):
            found.update(_moment(one, since) for one in page if one.due is not None and one.due <= until)
            after = page[-1].id
    late = {**rules.reminders.late, "digest": rules.digest.late}
    return [Batch(due, what, count, due + late[what]) for (due, what), count in found.items()]


def _moment(document: Document, since: float) -> tuple[float, str]:
    return max(since, document.due or since), schedule.read(document.data).what


def line(wave: Wave, zone: str) -> str:
    """One wave: when, how many, done by when; medicines among them; too late."""
    medicines = [one for one in wave.served if one.batch.name == "medicine"]
    parts = [f"{_clock(wave.begun, zone)}  {wave.count} due, done by {_clock(wave.done, zone)}"]
    if medicines:
        parts.append(f"medicines by {_clock(max(one.done for one in medicines), zone)}")
    if wave.late:
        parts.append(f"{wave.late} TOO LATE: raise the channel's rate, or ask people for other hours")
    return "; ".join(parts)


def _clock(moment: float, zone: str) -> str:
    return f"{datetime.fromtimestamp(-(-moment // 60) * 60, zone_of(zone)):%a %H:%M}"
