"""Answers to intents that change a booking: each is kept with the booking, so that a repeat hears the same."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from agents.care_coordinator.booking import KIND, Booking, hushed, read, retold
from agents.care_coordinator.bookings import Bookings
from agents.care_coordinator.saga import Saga, answered
from agents.result import Result
from bot.model.effects import Intent
from bot.ports.documents import Document

HEARS = 8.0
"""Seconds in which a flow still waits for an answer (its ``within`` is ten). Who got none by then is told later, by a notice."""


class Answering:
    def __init__(self, bookings: Bookings) -> None:
        self._bookings = bookings

    async def known(self, id_: str, intent: Intent, now: float) -> Result | None:
        """The answer that was given before. When nobody waits for it any more, the patient is told how it stands."""
        document = next((one for one in await self._bookings.of(intent.person) if one.id == id_ and one.kind == KIND), None)
        kept = read(document).saga.answers.get(intent.id) if document else None
        if kept is None:
            return None
        if late(intent, now):
            await self._bookings.change(id_, retold, now)
        return Result(kept[0], kept[1])

    def settled(self, intent: Intent, result: Callable[[Saga], Result], now: float) -> Callable[[Booking], Booking]:
        """The answer as a part of the booking's last step: one save less for whoever is waiting."""
        return lambda booking: _kept(booking, intent, result(booking.saga), now)

    async def give(self, document: Document, intent: Intent, result: Result, now: float) -> Result:
        """Keep the answer. ``unavailable`` is none: the booking goes on by itself, and the patient is told then."""
        if result.outcome != "unavailable" and intent.id not in read(document).saga.answers:
            await self._bookings.change(document.id, lambda booking: _kept(booking, intent, result, now), now)
        return result


def _kept(booking: Booking, intent: Intent, result: Result, now: float) -> Booking:
    if result.outcome == "unavailable":
        return booking
    booking = replace(booking, saga=answered(booking.saga, intent.id, result.outcome, result.facts))
    return booking if late(intent, now) else hushed(booking)


def late(intent: Intent, now: float) -> bool:
    return now - intent.at > HEARS
