"""What lies at the broker: nothing of a message but its id, its person and its times."""

from __future__ import annotations

import secrets

import anyio
import pytest
from msgspec.structs import replace
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

from bot.adapters.rabbit import RabbitBus
from bot.adapters.streams import StreamsBus
from bot.errors import KeysUnavailable
from bot.ports.bus import Bus, Envelope
from bot.sealing.bus import SealedBus, sealed
from bot.sealing.seals import Unsealed
from tests.bus.engines import LEASE, PLAIN, clean, take
from tests.sealed import SEALS
from tests.state.raw import everything

WORDS = "पैर में घाव".encode()
LETTER = Envelope("m1", "anna", b'{"text":"' + WORDS + b'"}', 1.0)


async def use(inner: Bus) -> None:
    """A message through every state; raw bodies are looked at where the plain bus shows them."""
    bus = SealedBus(inner, SEALS)
    await bus.declare([PLAIN])
    await bus.publish(PLAIN.name, LETTER)
    async with inner.subscribe(PLAIN.name, prefetch=1) as raw:
        [delivery] = await take(raw, 1)
        assert WORDS not in delivery.envelope.body
    async with bus.subscribe(PLAIN.name, prefetch=1) as subscription:
        [delivery] = await take(subscription, 1)
        assert delivery.envelope == LETTER
        await subscription.later(delivery, 0.0)
        [again] = await take(subscription, 1)
        assert again.envelope == replace(LETTER, attempt=1)
        await subscription.park(again, "code", "why")
    [lying] = await inner.parked()
    assert WORDS not in lying.envelope.body
    [shown] = await bus.parked()
    assert WORDS in shown.envelope.body
    assert await bus.replay(shown.id)
    async with bus.subscribe(PLAIN.name, prefetch=1) as subscription:
        [delivery] = await take(subscription, 1)
        assert delivery.envelope == LETTER
        await subscription.ack(delivery)


@pytest.mark.services
async def test_rabbitmq_holds_nothing_readable(rabbitmq_url: str) -> None:
    prefix = f"test-{secrets.token_hex(4)}"
    async with RabbitBus.open(rabbitmq_url, prefix=prefix) as inner:
        await use(inner)
    await clean(rabbitmq_url, prefix)


async def test_streams_hold_nothing_readable_and_what_is_tampered_with_is_parked(embedded_url: str) -> None:
    prefix = f"test-{secrets.token_hex(4)}"
    async with AsyncRedis.from_url(embedded_url, protocol=2, socket_timeout=None) as redis:
        inner = StreamsBus(redis, prefix=prefix, lease_seconds=LEASE)
        await use(inner)
        bus = SealedBus(inner, SEALS)
        letter = sealed(LETTER, SEALS)
        await inner.publish(PLAIN.name, replace(letter, id="m2"))  # somebody gave it another id
        await inner.publish(PLAIN.name, replace(letter, key="ravi"))  # or another person
        await inner.publish(PLAIN.name, LETTER)  # from before there were keys
        async with bus.subscribe(PLAIN.name, prefetch=3) as subscription:
            [delivery] = await take(subscription, 1)
            assert delivery.envelope == LETTER
            await subscription.ack(delivery)
        assert [(one.code, one.envelope.body) for one in await bus.parked()] == [("seal_broken", letter.body)] * 2
        with Redis.from_url(embedded_url, protocol=2) as admin:
            assert WORDS not in everything(admin, prefix)
            await SealedBus(inner, Unsealed()).publish(PLAIN.name, LETTER)
            assert WORDS in everything(admin, prefix), "the search would find it"
    await clean(embedded_url, prefix)


class Away(Unsealed):
    away = True

    def open(self, held: bytes | str, kind: str, id_: str, field: str) -> bytes:
        if self.away:
            raise KeysUnavailable
        return super().open(held, kind, id_, field)


async def test_without_keys_a_message_waits_and_giving_up_takes_nothing(embedded_url: str) -> None:
    prefix, keys = f"test-{secrets.token_hex(4)}", Away()
    async with AsyncRedis.from_url(embedded_url, protocol=2, socket_timeout=None) as redis:
        bus = SealedBus(StreamsBus(redis, prefix=prefix, lease_seconds=LEASE), keys)
        await bus.declare([PLAIN])
        await bus.publish(PLAIN.name, LETTER)
        async with bus.subscribe(PLAIN.name, prefetch=1) as subscription:
            with anyio.move_on_after(0.2) as waited:
                await subscription.get()
            assert waited.cancelled_caught
            keys.away = False
            [delivery] = await take(subscription, 1)
            assert delivery.envelope == LETTER
    await clean(embedded_url, prefix)
