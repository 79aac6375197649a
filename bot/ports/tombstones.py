"""Who was erased, kept apart from what they were erased from: a backup from before an erasure brings them back."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from bot.model.ids import PersonId


class Tombstone(Struct, frozen=True):
    """``receipt`` names the erasure; what is older than ``until`` (Unix seconds) went, under all these ids."""

    receipt: str
    person: PersonId
    people: tuple[PersonId, ...]
    until: float


class Tombstones(Protocol):
    """Every method raises StoreUnavailable."""

    async def put(self, stone: Tombstone) -> None:
        """Idempotent."""

    async def all(self) -> list[Tombstone]:
        """Only those that we made: whoever can write there must not be able to erase anybody."""
