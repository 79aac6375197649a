"""The last look at a notice, at the moment of sending: is it too late, may it go on this channel, has the day a place for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.errors import Malformed
from bot.model.effects import Outbound, Record, TemplateWording
from bot.model.ids import EffectId
from bot.notices.days import day_of
from bot.notices.ledger import LEDGER
from bot.notices.window import closed
from bot.ports.sessions import Caps

LEDGER_WORDS = {"cap": "day_full", "no_template": "window", "not_approved": "window"}
"""What the planner calls the same."""


class LastLook:
    """``wordings`` gives the approved ones of a message's template."""

    def __init__(self, caps: Caps, per_day: int, wordings: Callable[[Outbound], Awaitable[Sequence[TemplateWording]]]) -> None:
        self._caps, self._per_day, self._wordings = caps, per_day, wordings

    async def withheld(self, message: Outbound, now: float) -> str | None:
        """Why a notice may not go now; None: it may, and has its place. Replies and emergencies are never withheld."""
        if message.kind != "notice":
            return None
        if message.expires_at is not None and now > message.expires_at:
            await self._caps.give_back(message.person, message.id)  # an attempt that surely failed had taken it
            return "expired"
        if closed(message.window_until, now) and not await self._wordings(message):
            return "no_template" if message.template is None else "not_approved"
        if message.day is None:
            raise Malformed("a notice names no day to count it against")
        day = day_of(now, message.zone or "UTC")  # of its sending: it may have waited for its place in the pace
        if not await self._caps.take(message.person, message.id, self._per_day, day=day, now=now):
            return "cap"
        return None


def explained(message: Outbound, reason: str, now: float) -> Record:
    """For the ledger of notices: the planner let it go, and at the last moment it could not. A repeat makes the same record."""
    data = {
        "class": message.notice_class,
        "topic": message.topic,
        "verdict": "drop",
        "reason": LEDGER_WORDS.get(reason, reason),
        "message": message.id,
    }
    return Record(EffectId(f"{message.id}:withheld"), message.person, LEDGER, now, data)
