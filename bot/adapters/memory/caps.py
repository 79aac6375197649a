"""The daily count of notices in one process, for rehearsals and tests."""

from __future__ import annotations

from collections import defaultdict

from bot.model.ids import EffectId, PersonId
from bot.notices.days import Day

KEEP = 3 * 86_400.0


class MemoryCaps:
    """Implements ``bot.ports.sessions.Caps`` as the scripts of the session engine do."""

    def __init__(self) -> None:
        self._taken: defaultdict[PersonId, dict[EffectId, tuple[float, float]]] = defaultdict(dict)

    async def take(self, person: PersonId, notice: EffectId, limit: int, *, day: Day, now: float) -> bool:
        taken = self._taken[person] = {id_: one for id_, one in self._taken[person].items() if one[1] + KEEP >= now}
        counted = [id_ for id_, (at, over) in taken.items() if at >= day.start or over > now]
        if notice in counted:
            return True
        if len(counted) >= limit:
            return False
        taken[notice] = now, day.end
        return True

    async def give_back(self, person: PersonId, notice: EffectId) -> None:
        self._taken[person].pop(notice, None)
