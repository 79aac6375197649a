"""The bus on RabbitMQ."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiormq import Channel
from msgspec.structs import replace

from bot.adapters.rabbit.link import Link, close_quietly
from bot.adapters.rabbit.message import headers_of, parking_headers
from bot.adapters.rabbit.parking import Parking
from bot.adapters.rabbit.publisher import Publisher
from bot.adapters.rabbit.seam import broker_call
from bot.adapters.rabbit.subscription import RabbitSubscription
from bot.adapters.rabbit.topology import DELAYS, delay_arguments, delay_for, delay_name, parked_arguments, queue_arguments
from bot.errors import BusUnavailable, ConfigError
from bot.ports.bus import Depth, Envelope, Parked, QueueSpec


class RabbitBus:
    """Made by ``open``. One connection; one channel to publish on, one for each subscription."""

    def __init__(self, url: str, *, prefix: str, deadline: float) -> None:
        self.prefix = prefix
        self._deadline = deadline
        self._link = Link(url, prefix)
        self._publisher = Publisher(self._link, deadline)
        self._parking = Parking(prefix, self._link.channel, deadline)
        self._declared: dict[str, QueueSpec] = {}
        self._makes = True  # whether our account may make queues; else another role's does
        self._delays: set[float] = set()
        self._delay_gate = asyncio.Lock()
        self._subscriptions: list[RabbitSubscription] = []

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, *, prefix: str = "procare", deadline: float = 5.0) -> AsyncIterator[RabbitBus]:
        """Connect (``amqp://`` or ``amqps://``). ``deadline``: seconds for any one call; all queues are named ``prefix.*``."""
        bus = cls(url, prefix=prefix, deadline=deadline)
        try:
            await bus.declare(())
            yield bus
        finally:
            await bus._close()

    async def declare(self, queues: Sequence[QueueSpec]) -> None:
        """An account that may not make queues makes sure that they are there; BusUnavailable when one is not."""
        await self._declare("parked", parked_arguments())
        for spec in queues:
            await self._declare(spec.name, queue_arguments(self.prefix, ordered=spec.ordered))
            self._declared[spec.name] = spec

    async def publish(self, queue: str, envelope: Envelope) -> None:
        await self._publisher.publish(self._to, f"{self.prefix}.{queue}", headers_of(envelope), envelope.body)

    @asynccontextmanager
    async def subscribe(self, queue: str, *, prefetch: int) -> AsyncIterator[RabbitSubscription]:
        subscription = RabbitSubscription(self, queue, prefetch, self._deadline)
        try:
            await subscription.open()
            self._subscriptions.append(subscription)
            yield subscription
        finally:
            if subscription in self._subscriptions:
                self._subscriptions.remove(subscription)
            await subscription.close()

    async def depth(self, queue: str) -> Depth:
        """``unsettled`` and ``oldest_age`` are of this bus's own subscriptions: AMQP tells nothing about others'."""
        async with broker_call(self._deadline), self._control() as channel:
            declared = await channel.queue_declare(f"{self.prefix}.{queue}", passive=True)
        own = [subscription for subscription in self._subscriptions if subscription.queue == queue]
        ages = [age for subscription in own if (age := subscription.oldest_age()) is not None]
        return Depth(
            ready=declared.message_count or 0,
            unsettled=sum(subscription.unsettled for subscription in own),
            oldest_age=max(ages, default=None),
            consumers=declared.consumer_count or 0,
        )

    async def delayed(self) -> int:
        count = 0
        for delay in DELAYS:
            try:
                count += (await self.depth(delay_name("", delay).removeprefix("."))).ready
            except BusUnavailable as error:
                if error.code != "no_such_queue":
                    raise
        return count

    async def ping(self) -> None:
        async with broker_call(self._deadline), self._control():
            pass  # opening a channel is a round trip

    async def parked(self, limit: int = 100) -> list[Parked]:
        return await self._parking.oldest(limit)

    async def replay(self, parked_id: str) -> bool:
        async def publish(parked: Parked) -> None:
            await self.publish(parked.queue, replace(parked.envelope, attempt=0))

        return await self._parking.take(parked_id, publish)

    async def drop(self, parked_id: str) -> bool:
        async def nothing(parked: Parked) -> None:
            pass

        return await self._parking.take(parked_id, nothing)

    async def consuming_channel(self, queue: str) -> tuple[Channel, str]:
        """For a subscription: the queue is declared again first, because the broker may have lost its data."""
        channel = await self._link.channel()
        try:
            spec = self._declared.get(queue)
            if spec is not None:
                await self._declare_on(channel, queue, queue_arguments(self.prefix, ordered=spec.ordered))
        except BaseException:
            await close_quietly(channel)
            raise
        return channel, f"{self.prefix}.{queue}"

    async def postpone(self, queue: str, envelope: Envelope, seconds: float) -> None:
        """For a subscription: hold a message with one attempt more in a delay queue, confirmed."""
        delay = delay_for(seconds)
        name = delay_name(self.prefix, delay)
        # One declares, the others wait: RabbitMQ refuses publishes to a quorum queue that is being declared again meanwhile.
        async with broker_call(self._deadline), self._delay_gate:
            if delay not in self._delays:
                async with self._control() as channel:
                    await channel.exchange_declare(name, exchange_type="fanout", durable=True)
                    await channel.queue_declare(name, durable=True, arguments=delay_arguments(delay))
                    await channel.queue_bind(name, name)
                self._delays.add(delay)
        again = replace(envelope, attempt=envelope.attempt + 1)
        await self._publisher.publish(name, f"{self.prefix}.{queue}", headers_of(again), again.body)

    async def set_aside(self, queue: str, envelope: Envelope, code: str, detail: str) -> None:
        """For a subscription: put a message into the parked queue, confirmed."""
        headers = headers_of(envelope) | parking_headers(queue, code, detail)
        await self._publisher.publish(self._to, f"{self.prefix}.parked", headers, envelope.body)

    @property
    def _to(self) -> str:
        return f"{self.prefix}.to"

    async def _declare(self, queue: str, arguments: dict[str, Any]) -> None:
        if self._makes:
            try:
                async with broker_call(self._deadline), self._control() as channel:
                    return await self._declare_on(channel, queue, arguments)
            except ConfigError as error:
                if error.code != "bus_forbidden":
                    raise
                self._makes = False
        async with broker_call(self._deadline), self._control() as channel:
            await self._declare_on(channel, queue, arguments)

    async def _declare_on(self, channel: Channel, queue: str, arguments: dict[str, Any]) -> None:
        name = f"{self.prefix}.{queue}"
        if not self._makes:
            await channel.queue_declare(name, passive=True)
            return
        await channel.exchange_declare(self._to, exchange_type="topic", durable=True)
        await channel.queue_declare(name, durable=True, arguments=arguments)
        await channel.queue_bind(name, self._to, routing_key=name)

    @asynccontextmanager
    async def _control(self) -> AsyncIterator[Channel]:
        """A channel for one errand: a refused declaration costs only this one."""
        channel = await self._link.channel()
        try:
            yield channel
        finally:
            await close_quietly(channel)

    async def _close(self) -> None:
        await self._publisher.close()
        await self._link.close()
