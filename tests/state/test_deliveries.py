from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from redis import Redis

from bot.adapters.redis import RedisDeliveries, RedisSessions
from bot.adapters.redis.deliveries import MOST, MOST_ASKED, OLDEST
from bot.errors import Malformed
from bot.model.events import Receipt
from bot.model.ids import EffectId, GatewayId, InputId, person_of
from bot.model.session import Asked
from bot.ports.sessions import Claim

ASHA = person_of("phone:910000000001")
ONE, TWO = EffectId("in#0"), EffectId("in#1")
GATE = GatewayId("3EB0|आ")
NOW = 1_764_000_000.125


def receipt(status: str, gateway_id: GatewayId = GATE) -> Receipt:
    return Receipt(gateway_id, status, "main", NOW)


async def test_the_first_claim_is_fresh_and_says_that_nothing_is_known(deliveries: RedisDeliveries) -> None:
    assert await deliveries.claim(ASHA, ONE, now=NOW) == Claim(state=None, known=False, at=NOW, since=NOW)
    assert await deliveries.claim(ASHA, TWO, now=NOW + 1) == Claim(state=None, known=True, at=NOW + 1, since=NOW)


async def test_a_second_claim_tells_when_the_first_was(deliveries: RedisDeliveries) -> None:
    await deliveries.claim(ASHA, ONE, now=NOW)
    for later in (5, 9):
        assert await deliveries.claim(ASHA, ONE, now=NOW + later) == Claim(state="claimed", known=True, at=NOW, since=NOW)


async def test_of_many_claims_at_once_exactly_one_is_fresh(deliveries: RedisDeliveries) -> None:
    claims = await asyncio.gather(*[deliveries.claim(ASHA, ONE, now=NOW) for _ in range(50)])
    assert [claim.state for claim in claims].count(None) == 1


async def test_what_was_sent_stays_sent(deliveries: RedisDeliveries) -> None:
    await deliveries.claim(ASHA, ONE, now=NOW)
    await deliveries.sent(ASHA, ONE, GATE, now=NOW + 1)
    sent = Claim(state="sent", known=True, at=NOW + 1, gateway_id=GATE, since=NOW)
    assert await deliveries.claim(ASHA, ONE, now=NOW + 2) == sent
    await deliveries.release(ASHA, ONE)
    await deliveries.failed(ASHA, ONE, "late", now=NOW + 3)
    assert await deliveries.claim(ASHA, ONE, now=NOW + 4) == sent


async def test_a_released_claim_is_fresh_again(deliveries: RedisDeliveries) -> None:
    await deliveries.claim(ASHA, ONE, now=NOW)
    await deliveries.release(ASHA, ONE)
    assert await deliveries.claim(ASHA, ONE, now=NOW + 5) == Claim(state=None, known=True, at=NOW + 5, since=NOW)


async def test_a_failure_is_told_to_the_next_claim(deliveries: RedisDeliveries) -> None:
    await deliveries.failed(ASHA, ONE, "131026|x", now=NOW)
    assert await deliveries.claim(ASHA, ONE, now=NOW + 5) == Claim(state="failed", known=True, at=NOW, since=NOW)


async def test_sent_without_a_claim_is_noted_too(deliveries: RedisDeliveries) -> None:
    await deliveries.sent(ASHA, ONE, GATE, now=NOW)
    assert (await deliveries.claim(ASHA, ONE, now=NOW + 1)).state == "sent"
    assert (await deliveries.claim(ASHA, TWO, now=NOW + 1)).known


async def test_a_wiped_engine_knows_nothing(deliveries: RedisDeliveries, wipe: Callable[[], None]) -> None:
    await deliveries.sent(ASHA, ONE, GATE, now=NOW)
    wipe()
    assert await deliveries.claim(ASHA, ONE, now=NOW) == Claim(state=None, known=False, at=NOW, since=NOW)


async def test_after_a_loss_messages_older_than_the_first_new_claim_can_be_told(
    deliveries: RedisDeliveries, wipe: Callable[[], None]
) -> None:
    for number in range(3):
        await deliveries.sent(ASHA, EffectId(f"old{number}"), GatewayId(f"g{number}"), now=NOW)
    wipe()
    await deliveries.claim(ASHA, EffectId("old0"), now=NOW + 60)
    claim = await deliveries.claim(ASHA, EffectId("old1"), now=NOW + 61)
    assert claim == Claim(state=None, known=True, at=NOW + 61, since=NOW + 60)
    assert claim.since > NOW, "it was made before we began to hold anything: ask the durable store"


async def test_known_ids_are_those_of_sent_messages(deliveries: RedisDeliveries) -> None:
    assert await deliveries.known_ids(ASHA) == set()
    await deliveries.claim(ASHA, ONE, now=NOW)
    await deliveries.failed(ASHA, TWO, "s|x", now=NOW)
    await deliveries.sent(ASHA, EffectId("in#2"), GATE, now=NOW)
    assert await deliveries.known_ids(ASHA) == {GATE}


async def test_deliveries_of_a_person_are_bounded_and_the_newest_stay(
    deliveries: RedisDeliveries, admin: Redis, prefix: str
) -> None:
    for number in range(MOST + 40):
        await deliveries.claim(ASHA, EffectId(f"e{number}"), now=NOW + number)
    key = f"{prefix}:{{{ASHA}}}:d"
    assert admin.hlen(key) == MOST + 1
    assert not admin.hexists(key, "e39")
    assert admin.hexists(key, "e40")
    assert 6 * 86_400 < admin.ttl(key) <= 7 * 86_400


async def test_deliveries_older_than_any_repeat_are_forgotten(deliveries: RedisDeliveries, admin: Redis, prefix: str) -> None:
    for number in range(40):
        await deliveries.claim(ASHA, EffectId(f"e{number}"), now=NOW + number)
    for number in range(24):
        await deliveries.claim(ASHA, EffectId(f"new{number}"), now=NOW + OLDEST + 100)
    assert admin.hlen(f"{prefix}:{{{ASHA}}}:d") == 25


async def test_questions_are_bounded_and_the_newest_stay(
    deliveries: RedisDeliveries, sessions: RedisSessions, admin: Redis, prefix: str
) -> None:
    for number in range(40):
        effect = EffectId(f"e{number}")
        await deliveries.sent(ASHA, effect, GatewayId(f"g{number}"), now=NOW + number, asked=Asked(effect, "flow", "step"))
    key = f"{prefix}:{{{ASHA}}}:q"
    assert admin.hlen(key) == MOST_ASKED
    assert 29 * 86_400 < admin.ttl(key) <= 30 * 86_400
    assert (await sessions.load(ASHA, InputId("i"), GatewayId("g39"))).asked == Asked(EffectId("e39"), "flow", "step")
    assert (await sessions.load(ASHA, InputId("i"), GatewayId("g7"))).asked is None


async def test_receipts_only_raise_the_status(deliveries: RedisDeliveries) -> None:
    assert await deliveries.status(GATE) is None
    steps = [("delivered", True), ("sent", False), ("delivered", False), ("pending", False), ("played", True), ("read", False)]
    for status, changes in steps:
        assert await deliveries.receipt(receipt(status)) is changes, status
    assert await deliveries.status(GATE) == "played"


async def test_a_receipt_may_come_before_the_word_sent(deliveries: RedisDeliveries) -> None:
    assert await deliveries.receipt(receipt("read"))
    await deliveries.sent(ASHA, ONE, GATE, now=NOW)
    assert await deliveries.status(GATE) == "read"


async def test_a_failure_is_believed_at_any_time_and_a_sign_of_life_takes_it_back(deliveries: RedisDeliveries) -> None:
    await deliveries.receipt(receipt("delivered"))
    assert await deliveries.receipt(receipt("failed"))
    assert not await deliveries.receipt(receipt("failed"))
    assert await deliveries.status(GATE) == "failed"
    assert await deliveries.receipt(receipt("delivered"))
    assert await deliveries.status(GATE) == "delivered"


async def test_the_message_that_carries_a_token_is_found_from_its_first_receipt_on(deliveries: RedisDeliveries) -> None:
    token = "a" * 32
    assert await deliveries.carrier(token) is None
    await deliveries.receipt(Receipt(GATE, "sent", "main", NOW, token=token))
    assert await deliveries.carrier(token) == (GATE, NOW)
    assert await deliveries.carrier("b" * 32) is None


async def test_deleted_is_final(deliveries: RedisDeliveries) -> None:
    assert await deliveries.receipt(receipt("deleted"))
    for status in ("read", "failed", "deleted"):
        assert not await deliveries.receipt(receipt(status))
    assert await deliveries.status(GATE) == "deleted"


async def test_an_unknown_status_is_malformed(deliveries: RedisDeliveries) -> None:
    with pytest.raises(Malformed):
        await deliveries.receipt(receipt("teleported"))
    assert await deliveries.status(GATE) is None


async def test_receipts_end_after_a_week(deliveries: RedisDeliveries, admin: Redis, prefix: str) -> None:
    await deliveries.receipt(receipt("sent"))
    (key,) = admin.scan_iter(f"{prefix}:k:*")
    assert 6 * 86_400 < admin.ttl(key) <= 7 * 86_400


async def test_an_unreadable_delivery_is_malformed(deliveries: RedisDeliveries, admin: Redis, prefix: str) -> None:
    admin.hset(f"{prefix}:{{{ASHA}}}:d", mapping={ONE: "?", "_": "1"})
    with pytest.raises(Malformed):
        await deliveries.claim(ASHA, ONE, now=NOW)
