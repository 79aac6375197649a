"""All that the engine holds of a person is found and forgotten, and nothing of anybody else."""

from __future__ import annotations

import pytest
from redis import Redis

from bot.adapters.redis import Coalescing, RedisBudget, RedisCaps, RedisDeliveries, RedisDirectory, RedisSessions, RedisTimers
from bot.adapters.redis.footprint import RedisFootprint
from bot.adapters.redis.keys import Keys
from bot.model.effects import WakeAt
from bot.model.events import Receipt
from bot.model.ids import EffectId, GatewayId, InputId, PersonId, member_of, person_of
from bot.model.session import Asked, Session
from bot.notices.days import Day
from tests.sealed import SEALS

PHONES = {person_of("phone:910000000001"): "910000000001", person_of("phone:910000000002"): "910000000002"}
ASHA, RAVI = PHONES
AMMA = member_of(ASHA, "1")
NOW = 1_764_000_000.5
UNTIL = NOW + 60.0


@pytest.fixture
def footprint(client: Coalescing, prefix: str) -> RedisFootprint:
    return RedisFootprint(client, prefix, seals=SEALS)


async def fill(client: Coalescing, prefix: str, person: PersonId) -> None:
    """Something of every sort."""
    name = person[-4:]
    await RedisSessions(client, prefix, seals=SEALS).commit(Session(person, version=1), InputId("i1"), [], now=NOW)
    deliveries = RedisDeliveries(client, prefix, seals=SEALS)
    effect, gateway_id = EffectId(f"e-{name}"), GatewayId(f"g-{name}")
    await deliveries.sent(person, effect, gateway_id, now=NOW, asked=Asked(effect, "f", "s"))
    await deliveries.receipt(Receipt(gateway_id, "read", "main", NOW, token=f"t-{name}"))
    await RedisCaps(client, prefix).take(person, EffectId("n"), 5, day=Day("2025-11-24", NOW, NOW + 3600.0), now=NOW)
    for whose in (person, member_of(person, "1")):
        budget = RedisBudget(client, prefix)
        assert await budget.reserve(whose, "2025-11-24", 5, person_limit=100, all_limit=1000)
    await RedisTimers(client, prefix, seals=SEALS).set(WakeAt(EffectId("w"), person, NOW + 100.0))
    await RedisDirectory(client, prefix, seals=SEALS).link(f"1{PHONES[person]}", PHONES[person])


async def everything(footprint: RedisFootprint, person: PersonId) -> list[str]:
    return sorted(f"{one.place}/{one.kind}" for one in await footprint.remains([person]))


ALL = ["links/", "state/$", "state/$", "state/d", "state/n", "state/q", "state/s", "state/seen", "timers/"]


async def test_all_of_a_person_is_found_without_a_change(
    footprint: RedisFootprint, client: Coalescing, prefix: str, admin: Redis
) -> None:
    for person in PHONES:
        await fill(client, prefix, person)
    before = sorted((key, admin.object("encoding", key)) for key in admin.scan_iter(match=f"{prefix}:*", count=1000))
    assert await everything(footprint, ASHA) == ALL
    assert await everything(footprint, AMMA) == ["state/$"]
    assert before == sorted((key, admin.object("encoding", key)) for key in admin.scan_iter(match=f"{prefix}:*", count=1000))
    [session] = [one for one in await footprint.remains([ASHA]) if one.kind == "s"]
    assert session.at == NOW


async def test_what_is_forgotten_is_gone_with_receipts_and_all_of_others_stays(
    footprint: RedisFootprint, client: Coalescing, prefix: str
) -> None:
    for person in PHONES:
        await fill(client, prefix, person)
    for _ in range(2):
        await footprint.forget([ASHA, AMMA], UNTIL)
        assert await everything(footprint, ASHA) == []
    assert await everything(footprint, RAVI) == ALL
    deliveries = RedisDeliveries(client, prefix, seals=SEALS)
    mine, other = ASHA[-4:], RAVI[-4:]
    assert (await deliveries.status(GatewayId(f"g-{mine}")), await deliveries.carrier(f"t-{mine}")) == (None, None)
    assert await deliveries.status(GatewayId(f"g-{other}")) == "read"
    assert await deliveries.carrier(f"t-{other}") is not None
    [due] = await RedisTimers(client, prefix, seals=SEALS).claim_due(NOW + 200.0, 10, 30.0)
    assert due.person == RAVI


async def test_who_wrote_since_keeps_the_conversation_and_its_timers(
    footprint: RedisFootprint, client: Coalescing, prefix: str
) -> None:
    await fill(client, prefix, ASHA)
    await RedisSessions(client, prefix, seals=SEALS).commit(Session(ASHA, version=2), InputId("i2"), [], now=UNTIL)
    await footprint.forget([ASHA], UNTIL)
    found = await everything(footprint, ASHA)
    assert "state/s" in found
    assert "timers/" in found


async def test_a_timer_that_was_set_aside_as_unreadable_counts(
    footprint: RedisFootprint, client: Coalescing, prefix: str, admin: Redis
) -> None:
    admin.hset(Keys(prefix).unreadable_timers(3), f"{ASHA}|w", "?")
    assert await everything(footprint, ASHA) == ["timers/"]
    await footprint.forget([ASHA], UNTIL)
    assert await everything(footprint, ASHA) == []
