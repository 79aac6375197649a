"""What is stored, sealed anew with the key that seals now: what older keys sealed, and what was stored before there were keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from msgspec import Struct


class Step(Struct, frozen=True):
    """One batch: how many values were sealed anew, and how many cannot be opened (they stay as they are)."""

    done: int
    unreadable: int = 0


class Resealing(Protocol):
    @property
    def place(self) -> str:
        """For people."""

    def steps(self) -> AsyncIterator[Step]:
        """In small batches, so that others come in between. It may be broken off and begun again: what is done is passed over. A
        value that changes meanwhile is left to whoever changed it. Raises Unavailable."""
