"""Token buckets that several processes share: how much may come in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from bot.model.ids import PersonId


class Bucket(Struct, frozen=True):
    """Holds ``burst`` tokens and gets ``per_second`` new ones. ``person``: whose it is, None for a common one."""

    name: str
    burst: int
    per_second: float
    person: PersonId | None = None


class Buckets(Protocol):
    async def take(self, buckets: Sequence[Bucket], count: int = 1, *, now: float) -> bool:
        """``count`` tokens from every one of these, atomically. False when one of them is empty; nothing is taken then.

        A bucket that is not empty gives as many as are asked for and owes what it did not have, at most one ``burst`` more: so a
        batch that is larger than a bucket is not refused for ever. All buckets of one call are the same person's, or common.
        Raises SessionsUnavailable when the engine does not answer in time.
        """
