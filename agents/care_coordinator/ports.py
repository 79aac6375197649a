"""What holds times for bookings: a doctor's calendar, or a laboratory's. The other ports stand in ``bot/ports``."""

from __future__ import annotations

from typing import Any, Protocol

from agents.care_coordinator.actions import No, Place
from bot.ports.payments import Payment


class Calendar(Protocol):
    """A method raises Unavailable and Refused like those of ``bot.ports.payments``. Each is safe to repeat with the same key."""

    async def hold(self, key: str, place: Place, about: dict[str, Any], *, firm: bool = False) -> No | None:
        """Hold a time for a booking, ``firm``: and book it, as ``confirm`` would. ``No("taken")`` when somebody has it, or this
        key has given it back before."""

    async def confirm(self, key: str, place: Place, paid: Payment | None) -> No | None:
        """Make a held time a booked one. ``No("gone")`` when the key does not hold it."""

    async def release(self, key: str, place: Place) -> None:
        """Give a time back. From then on ``hold`` and ``confirm`` of that key are refused, also when they come late."""
