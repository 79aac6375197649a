"""Confirmed publishes on one channel, many under way together, in the order of the calls."""

from __future__ import annotations

import asyncio

from aiormq import Channel
from pamqp.commands import Basic

from bot.adapters.rabbit.link import Link, close_quietly
from bot.adapters.rabbit.seam import broker_call


class Publisher:
    """The library writes a publish before it first waits, so calls keep their order. Nothing here may wait before it, except
    where the channel must be opened again; then everybody goes through the gate, which is first come, first served."""

    def __init__(self, link: Link, deadline: float) -> None:
        self._link = link
        self._deadline = deadline
        self._channel: Channel | None = None
        self._gate = asyncio.Lock()
        self._waiting = 0

    async def publish(self, exchange: str, routing_key: str, properties: Basic.Properties, body: bytes) -> None:
        """Returns when the broker has confirmed it. BusUnavailable means: not confirmed, it may or may not be held."""
        async with broker_call(self._deadline):
            channel = self._channel
            if channel is None or channel.is_closed or self._waiting:
                channel = await self._opened()
            await channel.basic_publish(
                body, exchange=exchange, routing_key=routing_key, properties=properties, mandatory=True, wait=False
            )

    async def close(self) -> None:
        if self._channel is not None:
            await close_quietly(self._channel)

    async def _opened(self) -> Channel:
        self._waiting += 1
        try:
            async with self._gate:
                if self._channel is None or self._channel.is_closed:
                    self._channel = await self._link.channel(confirms=True)
                return self._channel
        finally:
            self._waiting -= 1
