"""Wire the staff's site: its own port, its own seal, and the identity provider where one is named."""

from __future__ import annotations

import secrets
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import httpx
from aiohttp import web

from bot.app.engines import Engines
from bot.app.listening import runner_of
from bot.errors import ConfigError
from bot.staff.tickets import Seal
from config.policy import load_policy
from config.settings import Settings
from config.staff import load_staff_rules
from webhooks.staff.oidc import OidcProvider
from webhooks.staff.site import make_site


@asynccontextmanager
async def open_staff(settings: Settings, engines: Engines, clock: Callable[[], float]) -> AsyncIterator[int | None]:
    """The port that it listens on; None where the settings name none."""
    if settings.staff_port is None:
        yield None
        return
    key = settings.staff_key.get_secret_value().encode() if settings.staff_key else secrets.token_bytes(32)
    async with AsyncExitStack() as stack:
        provider = await stack.enter_async_context(_provider(settings, clock))
        version = load_policy().behaviour.consent_version
        site = make_site(engines.store, engines.bus, load_staff_rules(), Seal(key), clock, provider, consent_version=version)
        runner = runner_of(site, settings)
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        try:
            listener = web.TCPSite(runner, settings.staff_host, settings.staff_port)
            await listener.start()
        except (OSError, socket.gaierror) as error:
            where = f"{settings.staff_host}:{settings.staff_port}"
            raise ConfigError(f"PROCARE_STAFF_PORT: cannot listen on {where}: {error.strerror}") from error
        yield runner.addresses[0][1]


@asynccontextmanager
async def _provider(settings: Settings, clock: Callable[[], float]) -> AsyncIterator[OidcProvider | None]:
    if settings.staff_oidc_issuer is None or settings.staff_oidc_client_secret is None or settings.staff_url is None:
        yield None
        return
    secret = settings.staff_oidc_client_secret.get_secret_value()
    async with httpx.AsyncClient() as http:
        yield OidcProvider(
            http, settings.staff_oidc_issuer, settings.staff_oidc_client_id or "", secret,
            f"{settings.staff_url}/staff/sign-in/back", settings.staff_oidc_claim, clock,
        )  # fmt: skip
