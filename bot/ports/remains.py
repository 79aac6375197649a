"""What is held of a person, for who looks whether all of it is gone: where, of which kind, from when. No content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from bot.model.ids import PersonId


class Remain(Struct, frozen=True):
    """``place``: readings, records, documents, deliveries, journal, heads, links, media, state, timers, parked. ``id`` may hold a
    message's id: shorten it before somebody reads it. ``at`` is None where nothing says from when it is."""

    place: str
    kind: str
    id: str
    at: float | None = None


class Footprint(Protocol):
    """What the engine of fast state holds of people. Every method raises SessionsUnavailable when it does not answer in time."""

    async def remains(self, people: Sequence[PersonId]) -> list[Remain]:
        """All of these people and the members of their households. Changes nothing."""

    async def forget(self, people: Sequence[PersonId], until: float) -> None:
        """Delete it, but of somebody who wrote since ``until``: they began anew. Idempotent."""
