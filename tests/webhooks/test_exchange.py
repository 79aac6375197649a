"""Events taken from a real RabbitMQ exchange, as Evolution publishes them."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractExchange

from bot.errors import BusUnavailable
from tests.webhooks import recordings
from tests.webhooks.fakes import World, upsert
from tests.webhooks.served import until
from webhooks.evolution.exchange import PARKED, QUEUE, ExchangeConsumer
from webhooks.evolution.parsing import TAKEN_EVENTS

pytestmark = pytest.mark.services


class Evolution:
    """Publishes as the real one does: no content type, no delivery mode, no message id, no confirms, no ``destination``."""

    def __init__(self, channel: AbstractChannel, exchange: AbstractExchange) -> None:
        self.channel = channel
        self.exchange = exchange

    async def publish(self, body: Any, event: str = "messages.upsert") -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        await self.exchange.publish(aio_pika.Message(data), routing_key=event, mandatory=False)

    async def depth(self, queue: str) -> int:
        declared = await self.channel.declare_queue(queue.format(exchange=self.exchange.name), passive=True)
        return declared.declaration_result.message_count or 0


@asynccontextmanager
async def evolution(url: str) -> AsyncIterator[Evolution]:
    name = f"zap-{secrets.token_hex(4)}"
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=False)
        exchange = await channel.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True, auto_delete=False)
        try:
            yield Evolution(channel, exchange)
        finally:
            for queue in (QUEUE, PARKED):
                await channel.queue_delete(queue.format(exchange=name))
            await exchange.delete()


@asynccontextmanager
async def consuming(consumer: ExchangeConsumer) -> AsyncIterator[None]:
    stop = asyncio.Event()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(consumer.run(stop), name="consumer")
        yield
        stop.set()


async def test_events_published_before_the_start_are_taken_in_order(rabbitmq_url: str) -> None:
    world = World()
    async with evolution(rabbitmq_url) as source:
        consumer = ExchangeConsumer(rabbitmq_url, [source.exchange.name], world.intake)
        await consumer.declare()
        for number in range(20):
            await source.publish(upsert({"conversation": f"T{number}"}, key={"id": f"A{number}"}))
        await source.publish(b"{}", "chats.update")  # not bound: never reaches us
        async with consuming(consumer):
            await until(lambda: len(world.bus.turns) == 20)
        assert [turn.text for turn in world.bus.turns] == [f"T{number}" for number in range(20)]
        async with asyncio.timeout(60):
            while await source.depth(QUEUE):  # noqa: ASYNC110 - a broker counts a little later and tells nobody
                await asyncio.sleep(0.02)


async def test_recorded_messages_of_the_exchange_are_understood(rabbitmq_url: str) -> None:
    world = World()
    bodies = [body for body in recordings.deliveries("rabbitmq-local-and-global") if body["event"] in TAKEN_EVENTS]
    assert all("destination" not in body for body in bodies)
    async with evolution(rabbitmq_url) as source:
        consumer = ExchangeConsumer(rabbitmq_url, [source.exchange.name], world.intake)
        await consumer.declare()
        async with consuming(consumer):
            for body in bodies:
                await source.publish(body, body["event"])
            await until(lambda: len(world.bus.turns) + len(world.bus.events) >= len(bodies))
    assert {turn.text for turn in world.bus.turns} == {"via rabbit 0", "via rabbit 1", "via rabbit 2"}


async def test_what_is_no_event_is_parked_with_its_reason_and_holds_nobody_up(rabbitmq_url: str) -> None:
    world = World()
    async with evolution(rabbitmq_url) as source:
        consumer = ExchangeConsumer(rabbitmq_url, [source.exchange.name], world.intake)
        await consumer.declare()
        await source.publish(b"{ no json")
        await source.publish(upsert({"conversation": "x"}, key={"id": None}))
        await source.publish(upsert({"conversation": "fine"}))
        async with consuming(consumer):
            await until(lambda: world.bus.turns)
        parked = await source.channel.get_queue(PARKED.format(exchange=source.exchange.name))
        first, second = await parked.get(no_ack=True), await parked.get(no_ack=True)
        assert first is not None
        assert second is not None
        assert (first.body, first.headers["x-reason"]) == (b"{ no json", "not_json")
        assert second.headers["x-reason"] == "bad_key"
        assert [turn.text for turn in world.bus.turns] == ["fine"]


async def test_while_our_bus_is_away_events_wait_and_keep_their_order(rabbitmq_url: str) -> None:
    world = World()
    world.bus.away = 2
    async with evolution(rabbitmq_url) as source:
        consumer = ExchangeConsumer(rabbitmq_url, [source.exchange.name], world.intake)
        await consumer.declare()
        for number in range(3):
            await source.publish(upsert({"conversation": f"T{number}"}, key={"id": f"A{number}"}))
        async with consuming(consumer):
            await until(lambda: len(world.bus.turns) == 3)
        assert [turn.text for turn in world.bus.turns] == ["T0", "T1", "T2"]


async def test_what_is_not_confirmed_at_the_stop_stays_with_the_broker(rabbitmq_url: str) -> None:
    world = World()
    world.bus.away = 10_000
    async with evolution(rabbitmq_url) as source:
        consumer = ExchangeConsumer(rabbitmq_url, [source.exchange.name], world.intake)
        await consumer.declare()
        await source.publish(upsert({"conversation": "kept"}))
        async with consuming(consumer):
            await until(lambda: world.bus.attempts)
        world.bus.away = 0
        async with consuming(consumer):
            await until(lambda: world.bus.turns)
        assert world.bus.turns[0].text == "kept"


async def test_our_declarations_fit_the_gateways_own(rabbitmq_url: str) -> None:
    """Evolution declares the exchange and its own queues after us; neither may fail."""
    async with evolution(rabbitmq_url) as source:
        name = source.exchange.name
        await ExchangeConsumer(rabbitmq_url, [name], World().intake).declare()
        await source.channel.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True, auto_delete=False)
        theirs = await source.channel.declare_queue(f"{name}.messages.upsert", durable=True, arguments={"x-queue-type": "quorum"})
        await theirs.bind(source.exchange, "messages.upsert")
        await source.publish(upsert({"conversation": "x"}))
        await theirs.delete(if_empty=False, if_unused=False)


async def test_a_broker_that_is_not_there_is_an_unavailable_bus() -> None:
    consumer = ExchangeConsumer("amqp://127.0.0.1:1/", ["zap"], World().intake, timeout=2.0)
    with pytest.raises(BusUnavailable):
        await consumer.declare()


class Wire:
    """Carries the bytes between the consumer and the broker, and can be cut."""

    def __init__(self, url: str) -> None:
        self.target = urlsplit(url)
        self.ends: set[asyncio.StreamWriter] = set()
        self.made = 0

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.made += 1
        there, back = await asyncio.open_connection(self.target.hostname, self.target.port)
        self.ends |= {writer, back}
        await asyncio.gather(pump(reader, back), pump(there, writer))

    def cut(self) -> None:
        for end in self.ends:
            end.transport.abort()
        self.ends.clear()


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
    sink.close()


async def test_a_lost_connection_is_made_again_and_nothing_is_lost(rabbitmq_url: str) -> None:
    world, wire = World(), Wire(rabbitmq_url)
    async with evolution(rabbitmq_url) as source, await asyncio.start_server(wire.carry, "127.0.0.1", 0) as server:
        here = wire.target._replace(
            netloc=f"{wire.target.netloc.rpartition('@')[0]}@127.0.0.1:{server.sockets[0].getsockname()[1]}"
        )
        consumer = ExchangeConsumer(here.geturl(), [source.exchange.name], world.intake)
        await consumer.declare()
        try:
            async with consuming(consumer):
                await source.publish(upsert({"conversation": "before"}, key={"id": "A1"}))
                await until(lambda: world.bus.turns)
                wire.cut()
                await source.publish(upsert({"conversation": "after"}, key={"id": "A2"}))
                await until(lambda: "after" in [turn.text for turn in world.bus.turns])
        finally:
            wire.cut()
        # What was taken and not yet acknowledged comes again, under the same id.
        assert list({turn.id: turn.text for turn in world.bus.turns}.values()) == ["before", "after"]
        assert wire.made >= 3
