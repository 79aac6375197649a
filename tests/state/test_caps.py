from __future__ import annotations

import asyncio

from redis import Redis

from bot.adapters.redis import RedisCaps
from bot.model.ids import EffectId, PersonId, person_of

ASHA = person_of("phone:910000000001")
DAY = "2026-11-24"


async def test_five_hundred_takes_at_once_give_exactly_five(caps: RedisCaps) -> None:
    taken = await asyncio.gather(*[caps.take(ASHA, DAY, EffectId(f"n{number}"), 5) for number in range(500)])
    assert sum(taken) == 5


async def test_a_repeated_notice_takes_no_second_slot(caps: RedisCaps) -> None:
    taken = await asyncio.gather(*[caps.take(ASHA, DAY, EffectId(f"n{number % 5}"), 5) for number in range(100)])
    assert all(taken)
    assert not await caps.take(ASHA, DAY, EffectId("sixth"), 5)
    assert await caps.take(ASHA, DAY, EffectId("n3"), 5), "it has its slot"


async def test_a_slot_given_back_can_be_taken_again(caps: RedisCaps) -> None:
    assert await caps.take(ASHA, DAY, EffectId("a"), 1)
    await caps.give_back(ASHA, DAY, EffectId("b"))
    assert not await caps.take(ASHA, DAY, EffectId("b"), 1)
    await caps.give_back(ASHA, DAY, EffectId("a"))
    await caps.give_back(ASHA, DAY, EffectId("a"))
    assert await caps.take(ASHA, DAY, EffectId("b"), 1)


async def test_days_and_people_are_counted_apart_and_end(caps: RedisCaps, admin: Redis, prefix: str) -> None:
    for person, day in ((ASHA, DAY), (ASHA, "2026-11-25"), (PersonId("p2"), DAY)):
        assert await caps.take(person, day, EffectId("a"), 1)
    assert not await caps.take(ASHA, DAY, EffectId("b"), 0)
    assert {admin.ttl(key) > 2 * 86_400 for key in admin.scan_iter(f"{prefix}:*")} == {True}
