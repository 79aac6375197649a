"""``procare media``: the files that people sent."""

from __future__ import annotations

import asyncio
import time

import click

from bot.app.media import open_media
from bot.sealing.seals import UNSEALED
from bot.upkeep.expiry import forget_expired
from config.settings import read_settings


@click.group()
def media() -> None:
    """The files that people sent."""


@media.command()
def tidy() -> None:
    """Delete the files whose time is over (the scheduler does so every hour)."""

    async def work() -> int:
        async with open_media(read_settings(), UNSEALED) as store:  # no file is opened for that
            return await forget_expired(store, time.time())

    click.echo(f"deleted: {asyncio.run(work())}")
