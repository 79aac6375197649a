"""What every bus around another bus hands on as it is."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from bot.ports.bus import Bus, Depth, Envelope, Parked, QueueSpec, Subscription


class AroundBus:
    """Implements ``bot.ports.bus.Bus`` by the bus inside; who inherits adds what is its own."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    async def declare(self, queues: Sequence[QueueSpec]) -> None:
        await self._bus.declare(queues)

    async def publish(self, queue: str, envelope: Envelope) -> None:
        await self._bus.publish(queue, envelope)

    def subscribe(self, queue: str, *, prefetch: int) -> AbstractAsyncContextManager[Subscription]:
        return self._bus.subscribe(queue, prefetch=prefetch)

    async def depth(self, queue: str) -> Depth:
        return await self._bus.depth(queue)

    async def delayed(self) -> int:
        return await self._bus.delayed()

    async def ping(self) -> None:
        await self._bus.ping()

    async def parked(self, limit: int = 100) -> list[Parked]:
        return await self._bus.parked(limit)

    async def replay(self, parked_id: str) -> bool:
        return await self._bus.replay(parked_id)

    async def drop(self, parked_id: str) -> bool:
        return await self._bus.drop(parked_id)
