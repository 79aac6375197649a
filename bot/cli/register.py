"""``procare register``: tell Evolution where to send its events."""

from __future__ import annotations

import asyncio

import click

from bot.errors import BotError, ConfigError
from config.settings import read_settings
from webhooks.evolution.client import EvolutionGateway


@click.command()
@click.argument("url")
def register(url: str) -> None:
    """Set our webhook on the Evolution instance. URL is where Evolution reaches the ingress, for example
    http://ingress:8080/webhooks/evolution"""
    settings = read_settings()
    if settings.evolution_url is None or settings.evolution_api_key is None:
        raise ConfigError("set PROCARE_EVOLUTION_URL and PROCARE_EVOLUTION_API_KEY first; the look-alike needs no registration")
    if settings.webhook_token is None and settings.webhook_jwt_key is None:
        raise ConfigError("set PROCARE_WEBHOOK_TOKEN (or PROCARE_WEBHOOK_JWT_KEY) first: Evolution proves itself with it")
    token = settings.webhook_token.get_secret_value() if settings.webhook_token else None
    jwt_key = settings.webhook_jwt_key.get_secret_value() if settings.webhook_jwt_key else None
    key = settings.evolution_api_key.get_secret_value()

    async def run(address: str) -> None:
        async with EvolutionGateway(address, key) as gateway:
            await gateway.set_webhook(settings.evolution_instance, url, token=token, jwt_key=jwt_key)

    try:
        asyncio.run(run(settings.evolution_url))
    except BotError as error:
        raise click.ClickException(f"Evolution did not take it: {error} ({error.code})") from error
    click.echo(f"instance {settings.evolution_instance} now sends its events to {url}")
