"""Answers to intents that change a booking: each is kept with the booking, so that a repeat hears the same."""

from __future__ import annotations

from msgspec.structs import replace

from agents.care_coordinator.booking import KIND, Booking, hushed, read, retold
from agents.care_coordinator.bookings import Bookings
from agents.care_coordinator.saga import answered
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

    async def give(self, document: Document, intent: Intent, result: Result, now: float) -> Result:
        """Keep the answer. ``unavailable`` is none: the booking goes on by itself, and the patient is told then."""
        if result.outcome == "unavailable":
            return result
        too_late = late(intent, now)

        def decide(booking: Booking) -> Booking:
            booking = replace(booking, saga=answered(booking.saga, intent.id, result.outcome, result.facts))
            return booking if too_late else hushed(booking)

        await self._bookings.change(document.id, decide, now)
        return result


def late(intent: Intent, now: float) -> bool:
    return now - intent.at > HEARS
