"""Pace: how fast one instance may send. A channel that is hurried gets its number banned."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Pacer:
    """A token bucket for each instance: ``rate`` messages a second, with a burst of one second's worth.

    ``share`` divides the rate when several senders run. Emergency texts take a token without waiting for it.
    """

    def __init__(self, rate: float, clock: Callable[[], float] | None = None) -> None:
        self._rate, self.share = rate, 1
        self._clock = clock
        self._next: dict[str, float] = {}  # when the bucket would be full again, by instance

    async def wait(self, instance: str, *, urgent: bool = False) -> None:
        """Return when the next message to ``instance`` may go."""
        seconds = self.reserve(instance, self._now())
        if seconds > 0 and not urgent:
            await asyncio.sleep(seconds)

    def reserve(self, instance: str, now: float) -> float:
        """Take the next token and say how many seconds away it is."""
        step = self.share / self._rate
        burst = max(1.0, step)  # seconds that may be used at once
        at = max(self._next.get(instance, 0.0), now - burst + step)
        self._next[instance] = at + step
        return max(0.0, at - now)

    def _now(self) -> float:
        return self._clock() if self._clock else asyncio.get_running_loop().time()
