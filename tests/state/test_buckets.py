"""Token buckets, on every engine and in memory."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest
from redis import Redis

from bot.adapters.memory import MemoryBuckets
from bot.adapters.redis import Coalescing, RedisBuckets
from bot.model.ids import person_of
from bot.ports.buckets import Bucket, Buckets
from tests.state.conftest import wipe_keys

ASHA, RAVI = person_of("phone:910000000001"), person_of("phone:910000000002")
NOW = 1_795_500_000.25
UNIT = 64.0  # seconds: the engine forgets a bucket when it is full by its own clock, and a test must not take so long
HERS, HIS = Bucket("in", 3, 0.5 / UNIT, ASHA), Bucket("in", 3, 0.5 / UNIT, RAVI)
ONE, ALL = Bucket("i:one", 5, 1.0 / UNIT), Bucket("all", 6, 1.0 / UNIT)


@pytest.fixture(params=["valkey", pytest.param("redis", marks=pytest.mark.services), "cluster", "memory"])
async def buckets(request: pytest.FixtureRequest) -> AsyncIterator[Buckets]:
    if request.param == "memory":
        yield MemoryBuckets()
        return
    url, prefix = request.getfixturevalue(f"{request.param}_url"), f"test-{secrets.token_hex(4)}"
    async with Coalescing.open(url, timeout=30.0) as client:
        yield RedisBuckets(client, prefix)
    wipe_keys(url, prefix)


async def test_a_bucket_gives_what_it_holds_and_what_comes_in_time(buckets: Buckets) -> None:
    async def taken(bucket: Bucket, now: float) -> int:
        return sum([await buckets.take([bucket], now=now) for _ in range(5)])

    assert [await taken(HERS, NOW), await taken(HIS, NOW)] == [3, 3], "each has a bucket of their own"
    assert [await taken(HERS, NOW + later * UNIT) for later in (1.9, 2, 6)] == [0, 1, 2]
    assert await taken(HERS, NOW + 600 * UNIT) == 3, "and no more than it holds, however long nobody came"
    assert await taken(HERS, NOW) == 0, "a clock that is behind gives nothing anew"
    assert sum(await asyncio.gather(*[buckets.take([HIS], now=NOW + 60 * UNIT) for _ in range(50)])) == 3, "also of many at once"


async def test_a_clock_that_goes_back_an_hour_refuses_nobody_for_an_hour(buckets: Buckets) -> None:
    assert sum([await buckets.take([HERS], now=NOW + 3600 * UNIT) for _ in range(5)]) == 3
    assert not await buckets.take([HERS], now=NOW), "it gives nothing anew at once"
    assert not await buckets.take([HERS], now=NOW + 7.9 * UNIT)
    assert await buckets.take([HERS], now=NOW + 8.1 * UNIT), "and is what it was within the time that fills it"
    assert sum([await buckets.take([ONE, ALL], now=NOW + 3600 * UNIT) for _ in range(8)]) == 5
    both = [await buckets.take([ONE, ALL], now=NOW + later * UNIT) for later in (0, 8.1)]
    assert both == [False, True], "each of several, at once"


async def test_several_buckets_give_together_or_not_at_all(buckets: Buckets) -> None:
    assert sum([await buckets.take([ONE, ALL], now=NOW) for _ in range(8)]) == 5
    other = Bucket("i:other", 5, 1.0 / UNIT)
    assert [await buckets.take([other, ALL], now=NOW), await buckets.take([other, ALL], now=NOW)] == [True, False]
    assert sum([await buckets.take([other], now=NOW) for _ in range(8)]) == 4, "what was refused was not taken"


async def test_a_batch_that_is_larger_than_a_bucket_is_taken_and_owed(buckets: Buckets) -> None:
    assert await buckets.take([ONE], 1000, now=NOW)
    assert not await buckets.take([ONE], 1, now=NOW + 5.9 * UNIT), "it owes as much as it can hold"
    assert await buckets.take([ONE], 1, now=NOW + 6.1 * UNIT), "and never more"


async def test_a_full_bucket_costs_nothing(client: Coalescing, prefix: str, admin: Redis) -> None:
    await RedisBuckets(client, prefix).take([HERS], now=NOW)
    (key,) = admin.scan_iter(f"{prefix}:*")
    assert 0 < admin.pttl(key) <= 2000 * UNIT
