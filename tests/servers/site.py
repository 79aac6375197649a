"""An application of a test, on a port of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web


@asynccontextmanager
async def listening(app: web.Application, *, stop: float = 1.0) -> AsyncIterator[str]:
    """Its address. ``stop``: seconds that open requests get at the end."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=stop)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
