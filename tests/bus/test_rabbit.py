"""What only RabbitMQ does to us: closed channels, cancelled consumers, the delivery limit, refused log-ins and declarations."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator

import aio_pika
import pytest
from msgspec.structs import replace
from yarl import URL

from bot.adapters.rabbit import RabbitBus, publisher, topology
from bot.adapters.rabbit.link import nodes_of
from bot.adapters.rabbit.topology import DELAYS, delay_for
from bot.errors import BusUnavailable, ConfigError, Malformed
from bot.ports.bus import Envelope, QueueSpec
from tests.bus.engines import ORDERED, PLAIN, clean, envelope, ids, publish_many, take, until
from tests.servers.ports import free_port

pytestmark = pytest.mark.services


@pytest.fixture
async def rabbit(rabbitmq_url: str, prefix: str) -> AsyncIterator[RabbitBus]:
    async with RabbitBus.open(rabbitmq_url, prefix=prefix) as bus:
        await bus.declare([ORDERED, PLAIN])
        yield bus
    await clean(rabbitmq_url, prefix)


async def test_a_channel_that_the_broker_closes_is_opened_again_and_the_messages_come_again(rabbit: RabbitBus) -> None:
    await publish_many(rabbit, ORDERED.name, 3)
    async with rabbit.subscribe(ORDERED.name, prefetch=2) as subscription:
        _, second = await take(subscription, 2)
        channel = subscription._channel
        assert channel is not None
        await channel.basic_ack(999, wait=False)  # an unknown tag: closed with 406, as after the broker's consumer_timeout
        again = await take(subscription, 2)
        assert ids(again) == ["m0", "m1"]
        assert all(delivery.redelivered for delivery in again)
        await subscription.ack(second)  # of the old channel: must not settle anything on the new one
        await subscription.ack(again[0])
        assert ids(await take(subscription, 1)) == ["m2"]
    async with rabbit.subscribe(ORDERED.name, prefetch=2) as subscription:
        assert ids(await take(subscription, 2)) == ["m1", "m2"]


async def test_a_queue_that_was_deleted_is_declared_again(rabbit: RabbitBus, rabbitmq_url: str, prefix: str) -> None:
    async with rabbit.subscribe(PLAIN.name, prefetch=1) as subscription:
        async with await aio_pika.connect(rabbitmq_url) as connection, connection.channel() as channel:
            await channel.queue_delete(f"{prefix}.{PLAIN.name}")

        async def published() -> bool:
            try:
                await rabbit.publish(PLAIN.name, envelope(1))
            except BusUnavailable:
                return False
            return True

        await until(published)
        assert ids(await take(subscription, 1)) == ["m1"]


async def test_what_is_delivered_too_often_is_parked_by_the_broker(
    rabbitmq_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(topology, "DELIVERY_LIMIT", 2)
    async with RabbitBus.open(rabbitmq_url, prefix=prefix) as bus:
        await bus.declare([PLAIN])
        await bus.publish(PLAIN.name, envelope(1))
        for _ in range(3):
            async with bus.subscribe(PLAIN.name, prefetch=1) as subscription:
                await take(subscription, 1)

        async def parked() -> bool:
            return bool(await bus.parked())

        await until(parked)
        (row,) = await bus.parked()
        assert (row.queue, row.code, row.envelope) == (PLAIN.name, "delivery_limit", envelope(1))
        assert await bus.replay(row.id)
        async with bus.subscribe(PLAIN.name, prefetch=1) as subscription:
            assert ids(await take(subscription, 1)) == ["m1"]
        assert await bus.parked() == []
    await clean(rabbitmq_url, prefix)


async def test_a_queue_that_exists_with_other_settings_is_the_operators_to_mend(rabbit: RabbitBus) -> None:
    with pytest.raises(ConfigError):
        await rabbit.declare([QueueSpec(name=ORDERED.name, ordered=False)])
    await rabbit.publish(ORDERED.name, envelope(1))


async def test_a_wrong_password_is_told_at_once(rabbitmq_url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        async with RabbitBus.open(str(URL(rabbitmq_url).with_password("wrong-one"))):
            pass
    assert "wrong-one" not in str(caught.value)


async def test_a_return_hits_only_the_publish_that_was_returned(rabbit: RabbitBus) -> None:
    same = envelope(1)
    outcomes = await asyncio.gather(
        rabbit.publish(PLAIN.name, same),
        rabbit.publish("nowhere", same),
        rabbit.publish(PLAIN.name, same),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), BusUnavailable, type(None)]
    async with rabbit.subscribe(PLAIN.name, prefetch=2) as subscription:
        assert ids(await take(subscription, 2)) == ["m1", "m1"]


async def test_a_body_of_several_frames_arrives_whole_among_others(rabbit: RabbitBus) -> None:
    large = Envelope(id="large", key="k", body=bytes(range(256)) * 4000, at=1.0)
    await asyncio.gather(*(rabbit.publish(PLAIN.name, one) for one in (envelope(1), large, envelope(2))))
    async with rabbit.subscribe(PLAIN.name, prefetch=3) as subscription:
        assert [delivery.envelope for delivery in await take(subscription, 3)] == [envelope(1), large, envelope(2)]


async def test_an_endless_id_is_refused_before_it_can_break_the_connection(rabbit: RabbitBus) -> None:
    with pytest.raises(Malformed):
        await rabbit.publish(PLAIN.name, Envelope(id="x" * 200_000, key="", body=b"", at=0.0))
    await rabbit.publish(PLAIN.name, envelope(1))


def test_a_delay_is_never_shorter_than_asked_and_at_most_a_day() -> None:
    assert [delay_for(seconds) for seconds in (0, 0.1, 0.3, 60, 61, 1e9)] == [0.1, 0.1, 0.5, 60, 90, 86400]
    assert list(DELAYS) == sorted(set(DELAYS))


async def test_a_node_that_is_gone_or_silent_is_passed_over(rabbitmq_url: str) -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    node, prefix = URL(rabbitmq_url), f"t{secrets.token_hex(3)}"
    async with await asyncio.start_server(never, "127.0.0.1", 0) as silent:
        hosts = f"127.0.0.1:{silent.sockets[0].getsockname()[1]},127.0.0.1:{free_port()},{node.host}:{node.port}"
        url = f"amqp://{node.user}:{node.password}@{hosts}{node.path}?heartbeat=9"
        assert [(one.port, one.user, one.query["heartbeat"]) for one in nodes_of(url)][2] == (node.port, node.user, "9")
        async with RabbitBus.open(url, prefix=prefix, deadline=10.0) as bus:
            await bus.ping()
    await clean(rabbitmq_url, prefix)


async def test_a_channel_that_confirms_nothing_is_given_up(rabbitmq_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """RabbitMQ leaves a channel so whose publish went to a leader that a cut of the network took away."""
    node, deaf, came = URL(rabbitmq_url), asyncio.Event(), list[int]()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lossy: bool) -> None:
        while data := await reader.read(65536):
            if lossy and deaf.is_set():
                deaf.clear()  # one publish is lost on its way
            else:
                writer.write(data)
        writer.close()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(1)
        far_reader, far_writer = await asyncio.open_connection(node.host, node.port)
        await asyncio.gather(carry(reader, far_writer, True), carry(far_reader, writer, False), return_exceptions=True)

    prefix = f"t{secrets.token_hex(3)}"
    async with await asyncio.start_server(relay, "127.0.0.1", 0) as relaying:
        through = str(node.with_host("127.0.0.1").with_port(relaying.sockets[0].getsockname()[1]))
        async with RabbitBus.open(through, prefix=prefix, deadline=30.0) as bus:
            await bus.declare([PLAIN])
            await bus.publish(PLAIN.name, envelope(1))
            with monkeypatch.context() as soon:
                soon.setattr(publisher, "SILENT_SECONDS", 0.2)
                soon.setattr(publisher, "AGAIN_SECONDS", 0.1)
                deaf.set()
                with pytest.raises(BusUnavailable) as lost:
                    await bus.publish(PLAIN.name, envelope(2))
            assert lost.value.code == "bus_lost"
            await bus.publish(PLAIN.name, envelope(3))
            async with bus.subscribe(PLAIN.name, prefetch=5) as subscription:
                assert ids(await take(subscription, 2)) == ["m1", "m3"]
            assert came == [1], "on the same connection: the others on it go on"
    await clean(rabbitmq_url, prefix)


async def test_an_envelope_that_cannot_be_written_shifts_the_count_of_no_other(rabbit: RabbitBus) -> None:
    """The confirmations are told by number: one that was counted and not sent would have another's taken for its own."""
    bad = replace(envelope(1), id="half an emoji \ud83d")
    ends = await asyncio.gather(
        rabbit.publish(PLAIN.name, envelope(0)), rabbit.publish(PLAIN.name, bad), rabbit.publish(PLAIN.name, envelope(2)),
        return_exceptions=True,
    )  # fmt: skip
    assert [type(end) for end in ends] == [type(None), Malformed, type(None)]
    await rabbit.publish(PLAIN.name, envelope(3))
    async with rabbit.subscribe(PLAIN.name, prefetch=4) as subscription:
        assert ids(await take(subscription, 3)) == ["m0", "m2", "m3"]
