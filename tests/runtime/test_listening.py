"""Whoever opens a connection and says nothing, or half of a request, does not keep it."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from bot.app import listening
from config.settings import Settings

pytestmark = pytest.mark.anyio


async def test_a_connection_without_a_whole_request_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listening, "IDLE_SECONDS", 0.2)
    runner = listening.runner_of(web.Application(), Settings())
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        for half in (b"", b"POST /webhooks/evolution HTTP/1.1\r\nHost: us\r\nX-Slow: "):
            reader, writer = await asyncio.open_connection(*runner.addresses[0][:2])
            try:
                writer.write(half)
                async with asyncio.timeout(60):
                    assert await reader.read() == b""
            finally:
                writer.close()
    finally:
        await runner.cleanup()
