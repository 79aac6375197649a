"""How our ports listen: a proxy or gateway stands before them, but nobody may hold a connection for ever."""

from __future__ import annotations

from aiohttp import web

from config.settings import Settings

IDLE_SECONDS = 120.0
"""Until a connection on which no request has come in is closed. Proxies close earlier by themselves (Traefik after 90 s, nginx
after 60 s) and must: what they send on a connection that we close just then is lost to them."""


def runner_of(app: web.Application, settings: Settings) -> web.AppRunner:
    """Set it up, start a site on it, and clean it up: requests in hand are then finished."""
    stop = settings.stop_seconds / 4
    return web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=stop, keepalive_timeout=IDLE_SECONDS)
