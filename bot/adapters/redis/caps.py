"""The daily count of notices."""

from __future__ import annotations

from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.model.ids import EffectId, PersonId

KEEP = 3 * 86_400  # seconds: longer than one local day lasts anywhere on earth, with a retry after it

_take = script("take")


class RedisCaps:
    """Implements ``bot.ports.sessions.Caps``."""

    def __init__(self, client: Coalescing, prefix: str = "pc") -> None:
        self._client = client
        self._keys = Keys(prefix)

    async def take(self, person: PersonId, day: str, notice: EffectId, limit: int) -> bool:
        return bool(await self._client.run(_take, (self._keys.notices(person, day),), notice, limit, KEEP))

    async def give_back(self, person: PersonId, day: str, notice: EffectId) -> None:
        await self._client.call("SREM", self._keys.notices(person, day), notice)
