"""Open the gateway: Evolution API at its address, or the look-alike with the chat page on our own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from aiohttp import web
from msgspec import to_builtins

from bot.ports.media import MediaStore
from bot.understanding.meaning import Context
from bot.understanding.reader import Reader
from config.settings import Settings
from webhooks.app import PATH
from webhooks.evolution.client import EvolutionGateway
from webhooks.lookalike.people import Instance
from webhooks.lookalike.server import LookAlike

LOCAL_KEY = "key-of-the-local-look-alike"
"""Between the service and the look-alike inside the same process; nothing outside can use it."""


@asynccontextmanager
async def open_gateway(
    settings: Settings, app: web.Application, address: str, token: str | None, reader: Reader | None, media: MediaStore
) -> AsyncIterator[EvolutionGateway | None]:
    """``address``: where ``app`` will listen. ``token``: what the webhook expects. None where all numbers are on Meta's own API
    and others can reach us: a chat page is for this machine only."""
    if settings.evolution_url is None and not settings.loopback:
        yield None
        return
    async with AsyncExitStack() as stack:
        url, key = settings.evolution_url, LOCAL_KEY
        if settings.evolution_api_key is not None:
            key = settings.evolution_api_key.get_secret_value()
        if url is None:
            url = address
            look_alike = LookAlike(
                [Instance(settings.evolution_instance), Instance(f"{settings.evolution_instance}-baileys", "baileys")],
                api_key=key,
                webhook_url=address + PATH,
                webhook_headers={"X-Webhook-Token": token} if token else {},
                meaning=_meaning(reader) if reader else None,
            )
            await stack.enter_async_context(look_alike)
            look_alike.add_to(app)
        gateway = EvolutionGateway(url, key, baileys_interactive=settings.baileys_interactive, files=media.get)
        yield await stack.enter_async_context(gateway)


async def try_gateway(settings: Settings) -> str:
    """State of our instance as the gateway tells it. Raises what is wrong."""
    if settings.evolution_url is None or settings.evolution_api_key is None:
        return "ok"
    key = settings.evolution_api_key.get_secret_value()
    async with EvolutionGateway(settings.evolution_url, key, total_seconds=10.0) as gateway:
        return f"instance {settings.evolution_instance} is {await gateway.ping(settings.evolution_instance)}"


def _meaning(reader: Reader) -> Any:
    """What the chat page's developer drawer shows of a message."""

    def meaning(text: str, language: str | None) -> dict[str, Any]:
        found: dict[str, Any] = to_builtins(reader.understand(text, Context(language=language)))
        return found

    return meaning
