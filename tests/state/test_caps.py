from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from redis import Redis

from bot.adapters.redis import Coalescing, RedisCaps
from bot.model.ids import EffectId, PersonId, person_of
from bot.notices.days import day_of
from bot.ports.sessions import Caps

ASHA = person_of("phone:910000000001")
INDIA = "Asia/Kolkata"
NOON = 1_764_050_400.0  # 25 November 2025, 11:30 in India
HOUR = 3600.0


async def take(caps: Caps, notice: str, limit: int = 5, *, now: float = NOON, zone: str = INDIA, person: PersonId = ASHA) -> bool:
    return await caps.take(person, EffectId(notice), limit, day=day_of(now, zone), now=now)


async def test_ten_thousand_attempts_of_eight_senders_at_once_give_exactly_five(engine_url: str, prefix: str) -> None:
    async with AsyncExitStack() as stack:
        senders = [
            RedisCaps(await stack.enter_async_context(Coalescing.open(engine_url, timeout=120.0)), prefix) for _ in range(8)
        ]
        taken = await asyncio.gather(*[take(senders[number % 8], f"n{number}") for number in range(10_000)])
    assert sum(taken) == 5


async def test_a_repeated_notice_takes_no_second_slot(caps: Caps) -> None:
    taken = await asyncio.gather(*[take(caps, f"n{number % 5}") for number in range(100)])
    assert all(taken)
    assert not await take(caps, "sixth")
    assert await take(caps, "n3"), "it has its slot"


async def test_a_notice_that_is_tried_again_the_next_day_counts_there(caps: Caps) -> None:
    assert await take(caps, "a", 1)
    assert await take(caps, "b", 1, now=NOON + 24 * HOUR)
    assert not await take(caps, "a", 1, now=NOON + 24 * HOUR)


async def test_a_slot_given_back_can_be_taken_again(caps: Caps) -> None:
    assert await take(caps, "a", 1)
    await caps.give_back(ASHA, EffectId("b"))
    assert not await take(caps, "b", 1)
    await caps.give_back(ASHA, EffectId("a"))
    await caps.give_back(ASHA, EffectId("a"))
    assert await take(caps, "b", 1)


async def test_people_are_counted_apart(caps: Caps) -> None:
    assert await take(caps, "a", 1)
    assert await take(caps, "a", 1, person=PersonId("p2"))
    assert not await take(caps, "b", 1)


async def test_a_day_ends_at_the_midnight_of_the_persons_zone(caps: Caps) -> None:
    assert await take(caps, "a", 1)
    assert not await take(caps, "b", 1, now=NOON + 12.4 * HOUR)
    assert await take(caps, "b", 1, now=NOON + 12.5 * HOUR)


async def test_a_long_day_and_a_short_one_are_one_day(caps: Caps) -> None:
    for moment, length in ((1_774_744_200.0, 23), (1_792_880_000.0, 25)):  # in March and in October 2026
        day = day_of(moment, "Europe/Berlin")
        assert day.end - day.start == length * HOUR
        assert await take(caps, f"a{length}", 1, now=day.start, zone="Europe/Berlin")
        assert not await take(caps, f"b{length}", 1, now=day.end - 1, zone="Europe/Berlin")
        assert await take(caps, f"c{length}", 1, now=day.end, zone="Europe/Berlin")


async def test_five_in_india_and_a_flight_are_not_ten(caps: Caps) -> None:
    morning = NOON - 2 * HOUR
    for number in range(5):
        assert await take(caps, f"n{number}", now=morning)
    east = NOON + 6 * HOUR  # in Auckland a new day has begun
    assert not await take(caps, "sixth", now=east, zone="Pacific/Auckland")
    assert not await take(caps, "sixth", now=NOON + 12 * HOUR, zone="America/New_York")
    assert await take(caps, "sixth", now=NOON + 24 * HOUR, zone="Pacific/Auckland")


async def test_five_in_the_evening_count_in_the_same_day_further_west(caps: Caps) -> None:
    for number in range(5):
        assert await take(caps, f"n{number}", now=NOON + 9 * HOUR)
    assert not await take(caps, "sixth", now=NOON + 13 * HOUR, zone="America/New_York")  # over in India, this morning there
    assert await take(caps, "sixth", now=NOON + 13 * HOUR)


async def test_the_count_of_a_person_is_small_and_ends(client: Coalescing, admin: Redis, prefix: str) -> None:
    caps = RedisCaps(client, prefix)
    for day in range(10):
        for number in range(5):
            assert await take(caps, f"d{day}n{number}", now=NOON + day * 24 * HOUR)
    (key,) = admin.scan_iter(f"{prefix}:*")
    assert admin.hlen(key) <= 25
    assert admin.ttl(key) > 2 * 86_400
    assert not await take(caps, "no", 0)
