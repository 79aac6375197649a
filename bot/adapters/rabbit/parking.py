"""The parked queue: look, replay, drop.

Looking takes the messages on a channel of its own and closes it, which returns them. All are taken each time and sorted
by age: RabbitMQ puts returned messages behind those that were returned before, so a partial look would turn the order.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from aiormq import Channel
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

from bot.adapters.rabbit.link import close_quietly
from bot.adapters.rabbit.message import parked_of
from bot.adapters.rabbit.seam import broker_call
from bot.errors import BotError
from bot.ports.bus import Parked

SEARCH_LIMIT = 10_000  # messages; nothing here looks deeper
RETURN_SECONDS = 2.0

Tagged = tuple[int, Parked]


class Parking:
    """One look at a time: what one look holds, another would not see."""

    def __init__(self, prefix: str, channel: Callable[[], Awaitable[Channel]], deadline: float) -> None:
        self._prefix = prefix
        self._new_channel = channel
        self._deadline = deadline
        self._looking = asyncio.Lock()

    async def oldest(self, limit: int) -> list[Parked]:
        async with self._look() as (_, found):
            return [parked for _, parked in found[:limit]]

    async def take(self, parked_id: str, then: Callable[[Parked], Awaitable[None]]) -> bool:
        """Run ``then`` on a parked message and forget the message. When ``then`` fails it stays parked."""
        async with self._look() as (channel, found):
            for tag, parked in found:
                if parked.id == parked_id:
                    await then(parked)
                    async with broker_call(self._deadline):
                        await channel.basic_ack(tag, wait=True)
                    found.remove((tag, parked))
                    return True
            return False

    @asynccontextmanager
    async def _look(self) -> AsyncIterator[tuple[Channel, list[Tagged]]]:
        async with self._looking:
            async with broker_call(self._deadline):
                channel = await self._new_channel()
            found: list[Tagged] = []
            try:
                async with broker_call(self._deadline):
                    found = await self._collect(channel)
                yield channel, found
            finally:
                await close_quietly(channel)
                await self._until_returned(len(found))

    async def _until_returned(self, count: int) -> None:
        """A closed channel's messages are back a moment later, and who looks before sees none."""
        with suppress(BotError):
            async with broker_call(RETURN_SECONDS):
                channel = await self._new_channel()
                try:
                    while ((await channel.queue_declare(f"{self._prefix}.parked", passive=True)).message_count or 0) < count:  # noqa: ASYNC110
                        await asyncio.sleep(0.01)  # the broker tells nobody
                finally:
                    await close_quietly(channel)

    async def _collect(self, channel: Channel) -> list[Tagged]:
        name = f"{self._prefix}.parked"
        declared = await channel.queue_declare(name, passive=True)
        wanted = min(declared.message_count or 0, SEARCH_LIMIT)
        if wanted <= 0:
            return []
        found: list[Tagged] = []
        complete = asyncio.Event()

        async def arrive(message: DeliveredMessage) -> None:
            if isinstance(message.delivery, Basic.Deliver):
                found.append((message.delivery.delivery_tag or 0, parked_of(message, self._prefix)))
            if len(found) >= wanted:
                complete.set()

        await channel.basic_qos(prefetch_count=wanted)
        await channel.basic_consume(name, arrive)
        await complete.wait()
        return sorted(found, key=lambda tagged: tagged[1].parked_at)
