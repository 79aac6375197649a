"""What happens to a notice at the moment of sending: the rules of ``bot.sender`` on the virtual clock, without engines."""

from __future__ import annotations

from collections import defaultdict

from bot.model.effects import Outbound
from bot.model.ids import EffectId, PersonId
from bot.notices.days import day_of


class Gate:
    """Expiry, then the count of the person's local day. Replies and emergencies pass."""

    def __init__(self, per_day: int) -> None:
        self._per_day = per_day
        self.taken: defaultdict[tuple[PersonId, str], set[EffectId]] = defaultdict(set)

    def withheld(self, message: Outbound, now: float) -> str | None:
        """Why it may not go now, in the sender's words."""
        if message.kind != "notice":
            return None
        if message.expires_at is not None and now > message.expires_at:
            return "expired"
        taken = self.taken[message.person, day_of(now, message.zone or "UTC").name]
        if message.id not in taken and len(taken) >= self._per_day:
            return "cap"
        taken.add(message.id)
        return None
