"""Write to the durable store in batches, and tell each writer when its own entry is safe.

A store that is down must not stop the conversation of a person in danger: a batch that it does not take goes to the bus,
durably, and reaches the store later from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.errors import StoreUnavailable, Unavailable
from bot.metrics import Metrics

T = TypeVar("T")
SHUN = 5.0
"""Seconds in which a store that failed is not asked again: its deadline would otherwise hold up every batch."""

Write = Callable[[list[T]], Awaitable[None]]


class WriteBehind(Generic[T]):
    """``add`` returns when the entry is in the store, or in the bus on its way there.

    ``delay`` (seconds) lets entries gather; ``most`` bounds a batch.
    """

    def __init__(self, write: Write[T], fallback: Write[T], metrics: Metrics, *, delay: float = 0.02, most: int = 200) -> None:
        self._write, self._fallback, self._metrics = write, fallback, metrics
        self._delay, self._most = delay, most
        self._shunned = 0.0  # loop time until which the store is not asked, after it failed
        self._queue: asyncio.Queue[tuple[T, asyncio.Future[None]]] = asyncio.Queue()

    async def add(self, entry: T) -> None:
        """Raises BusUnavailable when neither the store nor the bus took it."""
        await self.put(entry)

    def put(self, entry: T) -> asyncio.Future[None]:
        """As ``add``, for who has something else to do meanwhile: await the future it returns."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.put_nowait((entry, done))
        return done

    async def run(self) -> None:
        """Owns the writing; cancel it when no ``add`` is waiting any more."""
        while True:
            batch = [await self._queue.get()]
            await asyncio.sleep(self._delay)
            while len(batch) < self._most and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            await self._settle(batch)

    async def _settle(self, batch: list[tuple[T, asyncio.Future[None]]]) -> None:
        problem = await self._problem([entry for entry, _ in batch])
        if len(batch) > 1 and problem is not None and not isinstance(problem, Unavailable):
            for one in batch:  # an entry that cannot be written takes no other with it
                await self._settle([one])
            return
        for _, done in batch:
            if done.done():
                continue
            if problem is None:
                done.set_result(None)
            else:
                done.set_exception(problem)

    async def _problem(self, entries: list[T]) -> Exception | None:
        """What kept them from being safe; told to each writer, who settles it."""
        try:
            if not await self._stored(entries):
                self._metrics.journal_fallback.inc()
                await self._fallback(entries)
        except Exception as error:
            return error
        return None

    async def _stored(self, entries: list[T]) -> bool:
        clock = asyncio.get_running_loop().time
        if clock() < self._shunned:
            return False
        try:
            await self._write(entries)
        except StoreUnavailable:
            self._shunned = clock() + SHUN
            return False
        return True
