from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest
from redis import Redis

from bot.adapters.redis import RedisTimers
from bot.model.effects import WakeAt
from bot.model.ids import EffectId, PersonId, partition_of

NOW = 1_764_000_000.125


def wake(number: int, at: float = NOW, person: str | None = None) -> WakeAt:
    return WakeAt(EffectId(f"t|{number}"), PersonId(person or f"p{number}"), at, {"why": "दवा", "n": [1.5, None]})


async def test_only_due_timers_are_claimed_and_come_back_unchanged(timers: RedisTimers) -> None:
    await timers.set(wake(1, NOW))
    await timers.set(wake(2, NOW + 0.5))
    assert await timers.claim_due(NOW, 10, 30) == [wake(1, NOW)]


async def test_a_claimed_timer_is_due_again_after_the_lease_until_it_is_done(timers: RedisTimers) -> None:
    await timers.set(wake(1))
    assert await timers.claim_due(NOW + 1, 10, 30) == [wake(1)]
    assert await timers.claim_due(NOW + 30.9, 10, 30) == []
    assert await timers.claim_due(NOW + 31, 10, 30) == [wake(1)]
    await timers.done(wake(1))
    await timers.done(wake(1))
    assert await timers.claim_due(NOW + 1000, 10, 30) == []


async def test_two_claimers_share_the_timers_without_overlap(timers: RedisTimers) -> None:
    await asyncio.gather(*[timers.set(wake(number)) for number in range(300)])
    claims = await asyncio.gather(*[timers.claim_due(NOW, 60, 30) for _ in range(8)])
    counted = Counter(claimed.id for claim in claims for claimed in claim)
    assert len(counted) == 300
    assert set(counted.values()) == {1}
    assert max(len(claim) for claim in claims) <= 60


@pytest.mark.parametrize("limit", [1, 3, 16, 50])
async def test_the_limit_holds_and_every_timer_has_its_turn(timers: RedisTimers, limit: int) -> None:
    await asyncio.gather(*[timers.set(wake(number)) for number in range(50)])
    seen: set[str] = set()
    for _ in range(200):
        claimed = await timers.claim_due(NOW, limit, 30)
        assert len(claimed) <= limit
        seen |= {found.id for found in claimed}
        if len(seen) == 50:
            break
    assert len(seen) == 50


async def test_one_busy_shard_gives_all_that_the_limit_allows(timers: RedisTimers) -> None:
    await asyncio.gather(*[timers.set(wake(number, person="one")) for number in range(40)])
    assert len(await timers.claim_due(NOW, 40, 30)) == 40


async def test_a_crowded_shard_does_not_starve_the_others(timers: RedisTimers) -> None:
    crowded = PersonId("crowd")
    other = next(PersonId(f"p{n}") for n in range(99) if partition_of(PersonId(f"p{n}"), 16) != partition_of(crowded, 16))
    for number in range(100):
        await timers.set(wake(number, NOW - 100, person=crowded))
    await timers.set(wake(999, NOW, person=other))
    assert wake(999, NOW, person=other) in await timers.claim_due(NOW, 16, 30)


async def test_a_shard_that_never_empties_does_not_starve_the_others_at_a_limit_of_one(timers: RedisTimers) -> None:
    people = {partition_of(PersonId(f"p{number}"), 16): PersonId(f"p{number}") for number in range(200)}
    for shard in (2, 9):
        await timers.set(wake(shard, NOW, person=people[shard]))
    for number in range(100, 140):
        await timers.set(wake(number, NOW - 100, person=people[1]))
    claimed = [found.id for _ in range(16) for found in await timers.claim_due(NOW, 1, 30)]
    assert {"t|2", "t|9"} < set(claimed)


async def test_a_cancelled_timer_does_not_fire_even_while_claimed(timers: RedisTimers) -> None:
    await timers.set(wake(1))
    await timers.set(wake(2))
    await timers.cancel(wake(1).person, wake(1).id)
    assert await timers.claim_due(NOW, 10, 30) == [wake(2)]
    await timers.cancel(wake(2).person, wake(2).id)
    await timers.cancel(wake(2).person, wake(2).id)
    assert await timers.claim_due(NOW + 100, 10, 30) == []


async def test_a_timer_can_be_moved_also_while_it_is_claimed(timers: RedisTimers) -> None:
    await timers.set(wake(1, NOW))
    (claimed,) = await timers.claim_due(NOW, 10, 30)
    await timers.set(wake(1, NOW + 500))
    await timers.done(claimed)
    assert await timers.claim_due(NOW + 499, 10, 30) == []
    assert await timers.claim_due(NOW + 500, 10, 30) == [wake(1, NOW + 500)]


async def test_the_same_timer_id_of_two_people_is_two_timers(timers: RedisTimers) -> None:
    await timers.set(wake(1, person="a"))
    await timers.set(wake(1, person="b"))
    await timers.cancel(PersonId("a"), wake(1).id)
    assert await timers.claim_due(NOW, 10, 30) == [wake(1, person="b")]


async def test_an_unreadable_timer_is_put_aside_and_stops_nobody(timers: RedisTimers, admin: Redis, prefix: str) -> None:
    await timers.set(wake(1))
    await timers.set(wake(2))
    shard = partition_of(wake(1).person, 16)
    admin.hset(f"{prefix}:{{t{shard}}}:h", "p1|t|1", "broken")
    assert await timers.claim_due(NOW, 10, 30) == [wake(2)]
    assert await timers.claim_due(NOW + 29, 10, 30) == []
    assert admin.hgetall(f"{prefix}:{{t{shard}}}:bad") == {b"p1|t|1": b"broken"}
    assert not admin.hexists(f"{prefix}:{{t{shard}}}:h", "p1|t|1")


async def test_a_time_without_payload_is_dropped(timers: RedisTimers, admin: Redis, prefix: str) -> None:
    admin.zadd(f"{prefix}:{{t3}}:z", {"ghost": 1.0})
    assert await timers.claim_due(NOW, 10, 30) == []
    assert admin.zcard(f"{prefix}:{{t3}}:z") == 0


async def test_an_engine_is_intact_from_the_mark_until_it_loses_its_data(timers: RedisTimers, wipe: Callable[[], None]) -> None:
    assert not await timers.intact()
    assert not await timers.intact()
    await timers.mark_intact()
    assert await timers.intact()
    wipe()
    assert not await timers.intact()
