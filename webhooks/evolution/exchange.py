"""The same events straight from Evolution's RabbitMQ exchange, for installations that share a broker with it.

Evolution loses the first event for a queue that does not exist yet, and its channel fails when somebody declares *its* queue
names with other arguments. So we declare a queue of our own name, bound beforehand, and never touch Evolution's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractQueue, AbstractRobustConnection

from bot.errors import BusUnavailable, Malformed, Unavailable
from webhooks.evolution.parsing import TAKEN_EVENTS
from webhooks.intake import Intake

log = logging.getLogger(__name__)

QUEUE = "procare.evolution.{exchange}"
PARKED = "procare.evolution.{exchange}.parked"
_QUORUM = {"x-queue-type": "quorum"}
_FAULTS = (aio_pika.exceptions.AMQPError, ConnectionError, TimeoutError, OSError)


class ExchangeConsumer:
    """Consumes the exchange of each instance (Evolution names it like the instance; in global mode it is one exchange).

    An event is acknowledged when our bus has confirmed it. While the bus is away nothing is taken; what is no event goes to
    the queue ``procare.evolution.{exchange}.parked`` with the header ``x-reason``.
    """

    def __init__(
        self,
        url: str,
        exchanges: Sequence[str],
        intake: Intake,
        *,
        events: Sequence[str] = tuple(sorted(TAKEN_EVENTS)),
        prefetch: int = 8,  # times max_body is what may be held at once
        max_body: int = 64 * 1024 * 1024,
        timeout: float = 10.0,
    ) -> None:
        self._url = url
        self._exchanges = tuple(exchanges)
        self._intake = intake
        self._events = tuple(events)
        self._prefetch = prefetch
        self._max_body = max_body
        self._timeout = timeout

    async def declare(self) -> None:
        """Make exchanges, queues and bindings exist, so that nothing is lost before ``run``. Raises BusUnavailable."""
        connection = await self._connect()
        async with connection:
            channel = await connection.channel()
            for exchange in self._exchanges:
                await self._declared(channel, exchange)

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until ``stop`` is set; the event in hand is finished. Raises BusUnavailable when the broker is not there at
        the start; later interruptions are waited out."""
        connection = await self._connect()
        async with connection, asyncio.TaskGroup() as group:
            for exchange in self._exchanges:
                group.create_task(self._consume(connection, exchange, stop), name=f"evolution-exchange-{exchange}")

    async def _connect(self) -> AbstractRobustConnection:
        try:
            async with asyncio.timeout(self._timeout):
                return await aio_pika.connect_robust(
                    self._url, reconnect_interval=1, client_properties={"connection_name": "procare-evolution"}
                )
        except _FAULTS as error:
            raise BusUnavailable("The gateway's broker does not answer.") from error

    async def _declared(self, channel: AbstractChannel, exchange: str) -> AbstractQueue:
        try:
            async with asyncio.timeout(self._timeout):
                # The same arguments as Evolution's: whoever comes first, the other's declaration fits.
                source = await channel.declare_exchange(exchange, aio_pika.ExchangeType.TOPIC, durable=True)
                await channel.declare_queue(PARKED.format(exchange=exchange), durable=True, arguments=dict(_QUORUM))
                queue = await channel.declare_queue(QUEUE.format(exchange=exchange), durable=True, arguments=dict(_QUORUM))
                for event in self._events:
                    await queue.bind(source, routing_key=event)
                return queue
        except _FAULTS as error:
            raise BusUnavailable("The gateway's exchange cannot be declared.") from error

    async def _consume(self, connection: AbstractRobustConnection, exchange: str, stop: asyncio.Event) -> None:
        channel = await connection.channel()  # publisher confirms are on
        await channel.set_qos(prefetch_count=self._prefetch)
        queue = await self._declared(channel, exchange)
        arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        tag = await queue.consume(arrived.put)
        stopping = asyncio.create_task(stop.wait(), name="evolution-exchange-stop")
        try:
            while not stop.is_set():
                getting = asyncio.ensure_future(arrived.get())
                await asyncio.wait((getting, stopping), return_when=asyncio.FIRST_COMPLETED)
                if not getting.done():
                    getting.cancel()
                    break
                # One after the other: the exchange is in order, and so must be what a person wrote.
                await self._handle(channel, exchange, getting.result(), stop)
        finally:
            stopping.cancel()
            try:
                async with asyncio.timeout(self._timeout):
                    await queue.cancel(tag)
            except _FAULTS:
                log.info("exchange consumer was gone already", extra={"action": "exchange_cancel_failed"})

    async def _handle(
        self, channel: AbstractChannel, exchange: str, message: AbstractIncomingMessage, stop: asyncio.Event
    ) -> None:
        """Ends with the message acknowledged, or left with the broker because we stop or the channel broke."""
        pause = 0.1
        while True:
            try:
                await self._take(channel, exchange, message)
                await message.ack()
                return
            except (aio_pika.exceptions.ChannelInvalidStateError, aio_pika.exceptions.MessageProcessError):
                return  # the broker has taken it back and will give it again; its repeat is harmless
            except (Unavailable, *_FAULTS) as error:
                extra = {"action": "exchange_waits", "code": type(error).__name__}
                log.warning("gateway event cannot be handed on yet", extra=extra)
            try:
                async with asyncio.timeout(pause):
                    await stop.wait()
                return
            except TimeoutError:
                pause = min(pause * 2, 5.0)

    async def _take(self, channel: AbstractChannel, exchange: str, message: AbstractIncomingMessage) -> None:
        try:
            if len(message.body) > self._max_body:
                raise Malformed("The event is larger than we take.", code="too_large")
            opened = await self._intake.open(message.body)
        except Malformed as error:
            await self._park(channel, exchange, message, error)
            return
        async with asyncio.timeout(self._timeout):
            await self._intake.publish(opened)

    async def _park(self, channel: AbstractChannel, exchange: str, message: AbstractIncomingMessage, error: Malformed) -> None:
        log.warning("gateway event parked", extra={"action": "exchange_parked", "code": error.code})
        parked = aio_pika.Message(
            message.body,
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            headers={"x-reason": error.code, "x-event": message.routing_key or ""},
        )
        async with asyncio.timeout(self._timeout):
            await channel.default_exchange.publish(parked, routing_key=PARKED.format(exchange=exchange))
