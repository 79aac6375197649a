"""Token buckets in one process, for tests."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model.ids import PersonId
from bot.ports.buckets import Bucket


class MemoryBuckets:
    """Implements ``bot.ports.buckets.Buckets`` as the script of the session engine does."""

    def __init__(self) -> None:
        self._full: dict[tuple[str, PersonId | None], float] = {}

    async def take(self, buckets: Sequence[Bucket], count: int = 1, *, now: float) -> bool:
        full, refused = {}, False
        for one in buckets:
            most = now + 2 * one.burst / one.per_second
            at = min(max(self._full.get((one.name, one.person), 0.0), now), most)
            if self._full.get((one.name, one.person), 0.0) > most:  # a clock went back
                self._full[one.name, one.person] = at
            if at - now > (one.burst - 1) / one.per_second + 0.000001:
                refused = True
            full[one.name, one.person] = min(at + count / one.per_second, most)
        if not refused:
            self._full |= full
        return not refused
