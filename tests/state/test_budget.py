"""What may be spent on a day, on every engine."""

from __future__ import annotations

import asyncio

from redis import Redis

from bot.adapters.redis import Coalescing, RedisBudget
from bot.model.ids import person_of

ASHA, RAVI = person_of("phone:910000000001"), person_of("phone:910000000002")
DAY = "2026-11-24"


async def test_many_at_once_get_what_there_is_and_not_more(client: Coalescing, prefix: str) -> None:
    budget = RedisBudget(client, prefix)
    taken = await asyncio.gather(
        *[budget.reserve(ASHA, DAY, 10, person_limit=100, all_limit=10_000) for _ in range(100)],
        *[budget.reserve(RAVI, DAY, 10, person_limit=10_000, all_limit=200) for _ in range(100)],
    )
    assert sum(taken[:100]) <= 10
    assert 10 * sum(taken) <= 200


async def test_a_person_and_all_together_have_their_limits_and_days_are_apart(client: Coalescing, prefix: str) -> None:
    budget = RedisBudget(client, prefix)
    assert await budget.reserve(ASHA, DAY, 60, person_limit=100, all_limit=100)
    assert not await budget.reserve(ASHA, DAY, 60, person_limit=100, all_limit=1000)
    assert not await budget.reserve(RAVI, DAY, 60, person_limit=100, all_limit=100)
    assert await budget.reserve(RAVI, DAY, 40, person_limit=40, all_limit=100), "what was refused is not held"
    assert await budget.reserve(ASHA, "2026-11-25", 100, person_limit=100, all_limit=100)


async def test_what_was_held_too_much_can_be_spent_and_counters_end(client: Coalescing, prefix: str, admin: Redis) -> None:
    budget = RedisBudget(client, prefix)
    assert await budget.reserve(ASHA, DAY, 100, person_limit=100, all_limit=100)
    await budget.settle(ASHA, DAY, -70)
    await budget.settle(ASHA, DAY, 0)
    assert await budget.reserve(ASHA, DAY, 70, person_limit=100, all_limit=100)
    assert not await budget.reserve(ASHA, DAY, 1, person_limit=100, all_limit=100)
    await budget.settle(RAVI, "2026-11-26", 5)  # the first of its day
    assert {admin.ttl(key) > 2 * 86_400 for key in admin.scan_iter(f"{prefix}:*")} == {True}
