"""``procare catch-up``: after a restore, what people wrote since the backup runs before what they write now."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import click

from bot import logs
from bot.app.engines import open_engines
from bot.app.losses import catch_up
from bot.errors import ConfigError
from config.settings import Settings, read_settings
from webhooks.evolution.client import EvolutionGateway


@click.command("catch-up")
def catch_up_command() -> None:
    """Take from the gateway's history what nobody has processed, before an ingress runs (docs/operations.md, "Backups").

    It may be broken off and run again: what came twice runs once."""
    logs.set_up("CRITICAL")
    found = asyncio.run(_caught_up(read_settings()))
    click.echo(f"{found['caught_up']} messages were missed and wait for the workers in the order in which they were written")
    if found["unreadable"]:
        click.echo(f"{found['unreadable']} could not be read", err=True)


async def _caught_up(settings: Settings) -> Counter[str]:
    if settings.evolution_url is None or settings.evolution_api_key is None:
        raise ConfigError("only Evolution keeps a history: set PROCARE_EVOLUTION_URL and PROCARE_EVOLUTION_API_KEY")
    key = settings.evolution_api_key.get_secret_value()
    async with open_engines(settings) as engines, EvolutionGateway(settings.evolution_url, key) as gateway:
        return await catch_up(settings, engines, gateway, time.time)
