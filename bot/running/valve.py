"""The valve between what comes due and the channel: at eight o'clock, everybody's reminders are due in one minute.

They wait where they are kept, in the order of their times, and not in the queues: there, what matters more could not overtake,
and an answer to somebody who writes would stand behind them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.ports.bus import Bus


class Valve:
    """``rate``: messages a second of the channel. ``ahead``: seconds of its work that may lie in the queues."""

    def __init__(self, bus: Bus, queues: Sequence[str], rate: float, ahead: float) -> None:
        self._bus, self._queues = bus, queues
        self._most = max(1, int(rate * ahead))

    async def room(self) -> int:
        """How many more may be begun now. Raises BusUnavailable."""
        depths = await asyncio.gather(*(self._bus.depth(queue) for queue in self._queues))
        return max(0, self._most - sum(depth.ready for depth in depths))
