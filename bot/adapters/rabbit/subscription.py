"""One consumer on its own channel, opened again by itself when the channel or the broker goes away."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import Protocol

from aiormq import Channel
from aiormq.abc import DeliveredMessage
from pamqp.commands import Basic

from bot.adapters.rabbit.link import close_quietly
from bot.adapters.rabbit.message import envelope_of
from bot.adapters.rabbit.seam import BROKER_ERRORS, broker_call
from bot.errors import BotError, BusUnavailable
from bot.ports.bus import Delivery, Envelope

log = logging.getLogger(__name__)

REOPEN_SECONDS = 0.2
SAID_AGAIN = 100  # failures after which the log says so once more


class Home(Protocol):
    """What a subscription needs of its bus."""

    async def consuming_channel(self, queue: str) -> tuple[Channel, str]:
        """A channel to consume on, with the queue declared on it, and the queue's name at the broker."""

    async def postpone(self, queue: str, envelope: Envelope, seconds: float) -> None: ...

    async def set_aside(self, queue: str, envelope: Envelope, code: str, detail: str) -> None: ...


class RabbitSubscription:
    """Tags count on over all channels of one subscription, so that a delivery of an earlier channel is known as stale.

    There is no basic.cancel on exit: it would make another consumer active while our unsettled messages are still out.
    Closing the channel returns them first, in order, to the front. (RabbitMQ puts them behind what was returned earlier and not
    taken since; the subscribers of an ordered queue therefore use one and the same prefetch.)
    """

    def __init__(self, home: Home, queue: str, prefetch: int, deadline: float) -> None:
        self.queue = queue
        self._home = home
        self._prefetch = prefetch
        self._deadline = deadline
        self._channel: Channel | None = None
        self._base = 0  # our tag = the channel's tag + base
        self._last = 0  # the highest of our tags so far
        self._arrived: asyncio.Queue[Delivery | None] = asyncio.Queue()
        self._unsettled: dict[int, Delivery] = {}  # in the order of their tags, with those not yet taken by get
        self._settled: list[int] = []  # to be acknowledged at the next flush
        self._to_flush = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self) -> None:
        """Start consuming. The first channel is opened here, so that a wrong queue is the caller's error."""
        async with broker_call(self._deadline):
            channel = await self._consume()
        self._tasks = [
            asyncio.create_task(self._keep_consuming(channel), name=f"bus-consume-{self.queue}"),
            asyncio.create_task(self._keep_flushing(), name=f"bus-ack-{self.queue}"),
        ]
        for task in self._tasks:
            task.add_done_callback(self._on_task_end)

    async def close(self) -> None:
        """Send the last acknowledgements, then return what is unsettled."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        channel, self._channel = self._channel, None
        if channel is not None:
            with suppress(BotError):
                async with broker_call(self._deadline):
                    await self._flush(channel)
            await close_quietly(channel)
        self._unsettled.clear()

    async def get(self) -> Delivery:
        while True:
            delivery = await self._arrived.get()
            if delivery is None:
                self._arrived.put_nowait(None)
                raise BusUnavailable("the subscription has ended", code="subscription_ended")
            if delivery.tag in self._unsettled:
                return delivery  # else its channel is gone, and it will come again

    async def ack(self, delivery: Delivery) -> None:
        if self._unsettled.pop(delivery.tag, None) is not None:
            self._settled.append(delivery.tag)
            self._to_flush.set()

    async def later(self, delivery: Delivery, seconds: float) -> None:
        if delivery.tag not in self._unsettled:
            return
        await self._home.postpone(self.queue, delivery.envelope, seconds)
        await self.ack(delivery)

    async def park(self, delivery: Delivery, code: str, detail: str) -> None:
        if delivery.tag not in self._unsettled:
            return
        await self._home.set_aside(self.queue, delivery.envelope, code, detail)
        await self.ack(delivery)

    @property
    def unsettled(self) -> int:
        return len(self._unsettled)

    def oldest_age(self) -> float | None:
        """Seconds since the oldest message we hold was published."""
        oldest = min((delivery.envelope.at for delivery in self._unsettled.values()), default=None)
        return None if oldest is None else max(0.0, time.time() - oldest)

    async def _consume(self) -> Channel:
        channel, name = await self._home.consuming_channel(self.queue)
        self._forget_the_old_channel()
        base = self._base

        async def arrive(message: DeliveredMessage) -> None:
            frame = message.delivery
            if channel is not self._channel or not isinstance(frame, Basic.Deliver):
                return  # a late frame of a channel we have given up
            tag = base + (frame.delivery_tag or 0)
            self._last = tag
            redelivered = bool(frame.redelivered)
            delivery = Delivery(envelope=envelope_of(message), queue=self.queue, tag=tag, redelivered=redelivered)
            self._unsettled[tag] = delivery
            self._arrived.put_nowait(delivery)

        async def cancelled_by_the_broker(_: object) -> None:
            asyncio.get_running_loop().create_task(close_quietly(channel), name=f"bus-close-{self.queue}")

        self._channel = channel
        channel.on_consumer_cancel_callbacks.add(cancelled_by_the_broker)
        await channel.basic_qos(prefetch_count=self._prefetch)
        await channel.basic_consume(name, arrive)
        return channel

    def _forget_the_old_channel(self) -> None:
        self._channel = None
        self._base = self._last
        self._unsettled.clear()
        self._settled.clear()
        while not self._arrived.empty():
            self._arrived.get_nowait()

    async def _keep_consuming(self, channel: Channel) -> None:
        while True:
            await asyncio.wait([channel.closing])
            self._forget_the_old_channel()
            log.warning("a subscription lost its channel", extra={"action": "bus_subscription_lost", "queue": self.queue})
            channel = await self._consume_again()
            log.info("a subscription is back", extra={"action": "bus_subscription_back", "queue": self.queue})

    async def _consume_again(self) -> Channel:
        failures = 0
        while True:
            try:
                async with broker_call(self._deadline):
                    return await self._consume()
            except BotError as error:
                failures += 1
                if failures == 1 or failures % SAID_AGAIN == 0:
                    log.info(
                        "a subscription waits for the broker",
                        extra={"action": "bus_waiting", "queue": self.queue, "error": error.code, "attempt": failures},
                    )
                if self._channel is not None:
                    await close_quietly(self._channel)
            await asyncio.sleep(REOPEN_SECONDS)

    async def _keep_flushing(self) -> None:
        while True:
            await self._to_flush.wait()
            self._to_flush.clear()
            if self._channel is not None:
                with suppress(*BROKER_ERRORS):  # the channel is gone, and with it what was to be acknowledged
                    await self._flush(self._channel)

    async def _flush(self, channel: Channel) -> None:
        """One frame for all below the first unsettled tag, one each for those settled out of order."""
        settled, self._settled = self._settled, []
        if not settled:
            return
        base = self._base
        first_unsettled = next(iter(self._unsettled), None)
        below = [tag for tag in settled if first_unsettled is None or tag < first_unsettled]
        if below:
            await channel.basic_ack(max(below) - base, multiple=True, wait=False)
        if len(below) < len(settled):
            for tag in settled:
                if first_unsettled is not None and tag > first_unsettled:
                    await channel.basic_ack(tag - base, wait=False)

    def _on_task_end(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            log.error("a subscription ended by itself", exc_info=task.exception(), extra={"action": "bus_subscription_dead"})
            self._arrived.put_nowait(None)
