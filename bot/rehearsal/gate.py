"""What happens to a notice at the moment of sending: the sender's own rules, on the virtual clock."""

from __future__ import annotations

from collections import defaultdict

from bot.model.effects import Outbound
from bot.model.ids import EffectId, PersonId


class Gate:
    """Expiry, then the count of the person's local day. Replies and emergencies pass."""

    def __init__(self, per_day: int) -> None:
        self._per_day = per_day
        self.taken: defaultdict[tuple[PersonId, str], set[EffectId]] = defaultdict(set)

    def withheld(self, message: Outbound, now: float) -> str | None:
        """Why it may not go now, in the sender's words."""
        if message.kind != "notice" or message.day is None:
            return None
        if message.expires_at is not None and now > message.expires_at:
            return "expired"
        taken = self.taken[message.person, message.day]
        if message.id not in taken and len(taken) >= self._per_day:
            return "cap"
        taken.add(message.id)
        return None
