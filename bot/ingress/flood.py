"""The gate before the bus: a flood is bounded for each person, for each instance and for all, and danger is heard through it.

Where the buckets cannot be asked nobody is turned away: what the gate protects is then away as well.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Literal

from bot.errors import Unavailable
from bot.model.inbound import Inbound
from bot.ports.buckets import Bucket, Buckets
from config.flood import FloodLimits, Rate

log = logging.getLogger(__name__)

Verdict = Literal["free", "heard", "shed"]
"""``free``: below its limits. ``heard``: above them, and of danger. ``shed``: it goes no further."""

WAIT: Final = 0.5
"""Seconds in which the buckets must answer; a person may be in danger meanwhile."""
BLIND: Final = 5.0
"""Seconds in which buckets that did not answer are not asked again."""
READ: Final = 1_000
"""Characters of a message beyond its limits that are read, from the beginning and as many from the end."""

Dangerous = Callable[[Inbound], bool]


class Gate:
    """``dangerous`` is the emergency lane's reading; it is asked only of messages that would go no further without it."""

    def __init__(self, buckets: Buckets, limits: FloodLimits, dangerous: Dangerous, clock: Callable[[], float]) -> None:
        self._buckets, self._limits, self._dangerous, self._clock = buckets, limits, dangerous, clock
        self._blind_until = 0.0

    async def judged(self, inbound: Inbound) -> Verdict:
        """One message against what its sender may send."""
        if await self._taken(_own("in", inbound, self._limits.person)):
            return "free"
        return "heard" if await self.heard(inbound) else "shed"

    async def heard(self, inbound: Inbound) -> bool:
        """Whether a message is of danger, and not one of too many such of its sender."""
        return self._of_danger(inbound) and await self._taken(_own("danger", inbound, self._limits.danger))

    def _of_danger(self, inbound: Inbound) -> bool:
        """What cannot be read goes on: it is for the turn to fail, where it is parked and seen."""
        try:
            return self._dangerous(inbound)
        except Exception as error:
            log.error("a message could not be read", extra={"action": "flood_unread"}, exc_info=error)
            return True

    async def room(self, instance: str, count: int) -> bool:
        """Whether the instance and all together may bring ``count`` messages more."""
        one, every = self._limits.instance, self._limits.all
        common = (Bucket(f"i:{instance}", one.burst, one.per_second), Bucket("all", every.burst, every.per_second))
        return await self._taken(*common, count=count)

    async def _taken(self, *buckets: Bucket, count: int = 1) -> bool:
        now = self._clock()
        if now < self._blind_until:
            return True
        try:
            async with asyncio.timeout(WAIT):
                return await self._buckets.take(buckets, count, now=now)
        except (Unavailable, TimeoutError):
            self._blind_until = now + BLIND
            return True


def ends_of(text: str) -> str:
    """What is read of a long message: people put what hurts at one of its ends."""
    return text if len(text) <= 2 * READ else f"{text[:READ]}\n{text[-READ:]}"


def _own(name: str, inbound: Inbound, rate: Rate) -> Bucket:
    return Bucket(name, rate.burst, rate.per_second, inbound.person)
