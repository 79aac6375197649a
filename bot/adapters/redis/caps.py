"""The daily count of notices."""

from __future__ import annotations

from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.model.ids import EffectId, PersonId
from bot.notices.days import Day

KEEP = 3 * 86_400  # seconds: longer than a local day lasts anywhere, with a journey around the earth

_take = script("take")


class RedisCaps:
    """Implements ``bot.ports.sessions.Caps``."""

    def __init__(self, client: Coalescing, prefix: str = "pc") -> None:
        self._client = client
        self._keys = Keys(prefix)

    async def take(self, person: PersonId, notice: EffectId, limit: int, *, day: Day, now: float) -> bool:
        moments = (f"{now:.3f}", f"{day.start:.0f}", f"{day.end:.0f}")
        return bool(await self._client.run(_take, (self._keys.notices(person),), notice, limit, *moments, KEEP))

    async def give_back(self, person: PersonId, notice: EffectId) -> None:
        await self._client.call("HDEL", self._keys.notices(person), notice)
