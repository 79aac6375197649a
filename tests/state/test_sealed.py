"""What lies in Redis: nothing of a person but opaque ids and times, and nothing that can be changed or moved unseen."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from redis import Redis

from bot.adapters.redis import (
    Coalescing,
    RedisCensus,
    RedisDeliveries,
    RedisDirectory,
    RedisFootprint,
    RedisSessions,
    RedisTimers,
)
from bot.adapters.redis.resealing import RedisResealing
from bot.errors import Malformed, Tampered
from bot.model.effects import Option, WakeAt
from bot.model.events import Receipt
from bot.model.ids import EffectId, GatewayId, InputId, person_of
from bot.model.session import Asked, Session
from bot.sealing.seals import UNSEALED, Seals
from tests.sealed import SEALS
from tests.state.raw import everything

PHONE, LID = "919800000077", "123450000077"
ASHA, RAVI = person_of(f"phone:{PHONE}"), person_of("phone:919800000078")
MESSAGE = GatewayId("wamid." + base64.b64encode(f"\x1d\x12{PHONE}\x15".encode()).decode())  # as WhatsApp makes them
WORDS = ("पैर में घाव", "Meena", "metformin", "insulin now?", PHONE, LID, MESSAGE)
NOW = 1_764_000_000.0


class Engine:
    """All that is kept of people, under one prefix."""

    def __init__(self, client: Coalescing, prefix: str, seals: Seals) -> None:
        self.at = NOW
        self.sessions = RedisSessions(client, prefix, seals=seals)
        self.deliveries = RedisDeliveries(client, prefix, seals=seals)
        self.timers = RedisTimers(client, prefix, seals=seals)
        self.directory = RedisDirectory(client, prefix, seals=seals)
        self.census = RedisCensus(client, prefix, seals=seals)
        self.footprint = RedisFootprint(client, prefix, seals=seals)

    async def live(self) -> None:
        known, wake = {"name": WORDS[1]}, WakeAt(EffectId("w"), ASHA, NOW + 60, {"about": WORDS[2]})
        await self.sessions.commit(Session(ASHA, version=1, profile=known), InputId("i1"), [wake], now=NOW)
        await self.sessions.commit(Session(ASHA, version=2, profile=known, vars={"said": WORDS[0]}), InputId("i2"), [], now=NOW)
        await self.sessions.commit(Session(RAVI, version=1), InputId("j1"), [], now=NOW)
        asked = Asked(EffectId("e"), "f", "s", (Option("yes", WORDS[3]),))
        await self.deliveries.sent(ASHA, EffectId("e"), MESSAGE, now=NOW, asked=asked)
        await self.deliveries.receipt(Receipt(MESSAGE, "delivered", "main", NOW, token="t"))
        await self.timers.set(wake)
        await self.directory.link(LID, PHONE)

    async def check(self) -> None:
        loaded = await self.sessions.load(ASHA, InputId("x"), MESSAGE)
        assert loaded.session is not None
        assert loaded.session.vars == {"said": WORDS[0]}
        assert len(loaded.outbox[InputId("i1")]) == 1
        assert loaded.asked is not None
        assert loaded.asked.options[0].label == WORDS[3]
        assert (await self.deliveries.claim(ASHA, EffectId("e"), now=NOW)).gateway_id == MESSAGE
        assert await self.deliveries.known_ids(ASHA) == {MESSAGE}
        assert await self.deliveries.status(MESSAGE) == "delivered"
        assert await self.deliveries.carrier("t") == (MESSAGE, NOW)
        assert await self.directory.phone_of(LID) == PHONE
        self.at += 60.0
        assert [one.data for one in await self.timers.claim_due(self.at, 10, 30.0)] == [{"about": WORDS[2]}]
        assert [page.unreadable async for page in self.census.pages(10)] == [0]
        assert LID in {one.id for one in await self.footprint.remains([ASHA])}


async def test_redis_holds_ids_and_times_only(client: Coalescing, prefix: str, admin: Redis) -> None:
    engine = Engine(client, prefix, SEALS)
    await engine.live()
    await engine.check()
    found = everything(admin, prefix)
    assert ASHA.encode() in found
    assert [word for word in WORDS if word.encode() in found] == []


async def test_the_search_finds_what_is_not_sealed_and_that_stays_readable(client: Coalescing, prefix: str, admin: Redis) -> None:
    await Engine(client, prefix, UNSEALED).live()
    found = everything(admin, prefix)
    assert [word for word in WORDS if word.encode() not in found] == []
    engine = Engine(client, prefix, SEALS)
    await engine.check()
    resealing = RedisResealing(client, prefix, seals=SEALS)
    assert sum([step.done async for step in resealing.steps()]) >= 6
    assert sum([step.done async for step in resealing.steps()]) == 0
    left = everything(admin, prefix)
    assert [word for word in WORDS if word.encode() in left] == [MESSAGE], "the key of a receipt, for a week"
    await engine.check()
    assert await engine.directory.link(LID, PHONE) is False, "the link is known, under its new name"
    await engine.check()
    await engine.footprint.forget([ASHA], NOW + 1)
    assert await engine.footprint.remains([ASHA]) == []
    left = everything(admin, prefix)
    assert [word for word in WORDS if word.encode() in left] == []


async def test_what_was_changed_or_moved_is_told(client: Coalescing, prefix: str, admin: Any) -> None:
    engine = Engine(client, prefix, SEALS)
    await engine.live()
    ours, theirs = f"{prefix}:{{{ASHA}}}:s", f"{prefix}:{{{RAVI}}}:s"
    right = admin.hgetall(ours)
    admin.hset(ours, mapping={"d": admin.hget(theirs, "d"), "v": 1})
    with pytest.raises(Tampered):
        await engine.sessions.load(ASHA, InputId("x"))
    assert [page.unreadable async for page in engine.census.pages(10)] == [1]
    admin.hset(ours, mapping=right | {b"o:i2": right[b"o:i1"]})
    with pytest.raises(Tampered):
        await engine.sessions.load(ASHA, InputId("x"))
    admin.hdel(ours, "o:i2")
    broken = right[b"d"][:-1] + bytes([right[b"d"][-1] ^ 1])
    admin.hset(ours, "d", broken)
    with pytest.raises(Malformed):
        await engine.sessions.load(ASHA, InputId("x"))
    admin.hset(ours, "d", right[b"d"])
    assert (await engine.sessions.load(ASHA, InputId("x"))).session is not None
