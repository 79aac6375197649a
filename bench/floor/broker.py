"""RabbitMQ for the floor: publish with confirm, consume, acknowledge many with one frame."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiormq import Channel, Connection
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

ARGUMENTS: dict[str, Any] = {"x-queue-type": "quorum", "x-single-active-consumer": True}


class Publisher:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    @classmethod
    async def open(cls, connection: Connection) -> Publisher:
        return cls(await channel_of(connection, confirms=True))

    async def publish(self, queue: str, body: bytes) -> None:
        """Returns when the broker has confirmed it."""
        await self._channel.basic_publish(
            body, routing_key=queue, properties=Basic.Properties(delivery_mode=2), mandatory=True, wait=False
        )


async def declare(connection: Connection, queues: list[str]) -> None:
    channel = await channel_of(connection)
    for queue in queues:
        await channel.queue_declare(queue, durable=True, arguments=ARGUMENTS)
    await channel.close()


async def consume(connection: Connection, queue: str, slots: int, handle: Callable[[bytes], Awaitable[None]]) -> None:
    """Run ``handle`` for every message, ``slots`` at once, and acknowledge with one frame all that are done in a row."""
    channel = await channel_of(connection)
    await channel.basic_qos(prefetch_count=slots)
    open_tags: dict[int, bool] = {}  # in the order of arrival; True when handled
    flushing = False

    async def flush() -> None:
        nonlocal flushing
        flushing = False
        last = 0
        for tag, done in list(open_tags.items()):
            if not done:
                break
            last = tag
            del open_tags[tag]
        if last:
            await channel.basic_ack(last, multiple=True, wait=False)

    async def arrived(message: DeliveredMessage) -> None:
        nonlocal flushing
        tag = message.delivery_tag or 0
        open_tags[tag] = False
        await handle(message.body)
        open_tags[tag] = True
        if not flushing:
            flushing = True
            loop.call_soon(lambda: loop.create_task(flush()))

    loop = asyncio.get_running_loop()
    await channel.basic_consume(queue, arrived)


async def channel_of(connection: Connection, *, confirms: bool = False) -> Channel:
    return cast("Channel", await connection.channel(publisher_confirms=confirms))


async def connect(url: str) -> Connection:
    connection = Connection(url)
    await connection.connect()
    return connection
