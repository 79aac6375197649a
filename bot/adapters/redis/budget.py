"""What was spent on a day."""

from __future__ import annotations

from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.keys import Keys
from bot.model.ids import PersonId

KEEP = 3 * 86_400  # seconds


class RedisBudget:
    """Implements ``bot.ports.budget.Budget``. The person's and the common counter may lie on two nodes of a cluster, so they are
    two steps: each adds first and takes back what was too much, so that nobody ever gets more than there is."""

    def __init__(self, client: Coalescing, prefix: str = "pc") -> None:
        self._client = client
        self._keys = Keys(prefix)

    async def reserve(self, person: PersonId, day: str, amount: int, *, person_limit: int, all_limit: int) -> bool:
        own, common = self._keys.spent(person, day), self._keys.spent_by_all(day)
        if not await self._add(own, amount, person_limit):
            return False
        if not await self._add(common, amount, all_limit):
            await self._client.call("INCRBY", own, -amount)
            return False
        return True

    async def settle(self, person: PersonId, day: str, difference: int) -> None:
        if difference:
            for key in (self._keys.spent(person, day), self._keys.spent_by_all(day)):
                await self._client.call("INCRBY", key, difference)
                await self._client.call("EXPIRE", key, KEEP)  # it may be the first of the day

    async def _add(self, key: str, amount: int, limit: int) -> bool:
        after = int(await self._client.call("INCRBY", key, amount))
        await self._client.call("EXPIRE", key, KEEP)
        if after <= limit:
            return True
        await self._client.call("INCRBY", key, -amount)
        return False
