"""What an engine holds, as a stream of frames: out of it for a backup, into an empty one for a restore."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from msgspec import Struct

LATER = "people after the cut"
"""Name of the frames that tell of whom the store's head was left out, because a turn after the cut had made it; ``data`` is the
person. Whoever puts the store back makes it anew from the journal."""


class Frame(Struct, frozen=True, array_like=True):
    """One piece of a backup: ``part`` names the engine, ``name`` the collection, key or file within it."""

    part: str
    name: str
    data: bytes
    number: int = 0


class Dump(Protocol):
    """Raises Unavailable when the engine does not answer."""

    part: str

    def frames(self, cut: float) -> AsyncIterator[Frame]:
        """All that is to be kept. Of the journal only what was decided up to ``cut`` (Unix seconds)."""

    async def empty(self) -> bool:
        """Nothing of a service is here: it may be filled."""

    async def load(self, frame: Frame) -> None:
        """Put a frame back. What was there is not looked at."""

    async def loaded(self) -> None:
        """All frames were put back: finish what needs all of them."""
