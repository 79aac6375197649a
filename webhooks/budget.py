"""A budget of bytes: large bodies wait for room instead of filling the memory together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Budget:
    """First come, first served, so that a small taker cannot starve a large one. ``size`` is what may be out at once."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.out = 0
        self._queue: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def taken(self, amount: int) -> AsyncIterator[None]:
        """Waits for room; a taker larger than the whole budget gets all of it."""
        amount = min(amount, self.size)
        if self._queue or self.out + amount > self.size:
            place = asyncio.get_running_loop().create_future()
            entry = (amount, place)
            self._queue.append(entry)
            try:
                await place
            except BaseException:
                if place.done() and not place.cancelled():
                    self._give_back(amount)  # room was given in the moment of the cancellation
                else:
                    self._queue.remove(entry)
                    self._admit()
                raise
        else:
            self.out += amount
        try:
            yield
        finally:
            self._give_back(amount)

    def _give_back(self, amount: int) -> None:
        self.out -= amount
        self._admit()

    def _admit(self) -> None:
        while self._queue and self.out + self._queue[0][0] <= self.size:
            amount, place = self._queue.popleft()
            if not place.done():
                self.out += amount
                place.set_result(None)
