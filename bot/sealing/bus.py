"""Any bus with sealed messages: a broker keeps them on its disk, and those that were parked for long."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace

from bot.around_bus import AroundBus
from bot.errors import BusUnavailable, KeysUnavailable, Malformed, Tampered
from bot.ports.bus import Bus, Delivery, Envelope, Parked, Subscription
from bot.sealing.seals import Seals

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.5


class SealedBus(AroundBus):
    """Implements ``bot.ports.bus.Bus``. A body is bound to its message's id and person; these and the times stay readable."""

    def __init__(self, bus: Bus, seals: Seals) -> None:
        super().__init__(bus)
        self._seals = seals

    async def publish(self, queue: str, envelope: Envelope) -> None:
        await self._bus.publish(queue, sealed(envelope, self._seals))

    @asynccontextmanager
    async def subscribe(self, queue: str, *, prefetch: int) -> AsyncIterator[Subscription]:
        async with self._bus.subscribe(queue, prefetch=prefetch) as subscription:
            yield SealedSubscription(subscription, self._seals)

    async def parked(self, limit: int = 100) -> list[Parked]:
        return [self._shown(one) for one in await self._bus.parked(limit)]

    def _shown(self, parked: Parked) -> Parked:
        """What cannot be opened is shown as it lies there: it is evidence."""
        try:
            return replace(parked, envelope=opened(parked.envelope, self._seals))
        except Malformed:
            return parked


class SealedSubscription:
    def __init__(self, subscription: Subscription, seals: Seals) -> None:
        self._inner, self._seals = subscription, seals
        self._held: Delivery | None = None  # taken, and not handed out yet

    async def get(self) -> Delivery:
        """What was changed or moved is parked here, as nobody could read it; without keys, what comes waits, in its order."""
        while True:
            if self._held is None:
                self._held = await self._inner.get()
            delivery = self._held
            try:
                envelope = opened(delivery.envelope, self._seals)
            except KeysUnavailable as error:
                log.warning("a message waits for keys", extra={"action": "retry", "queue": delivery.queue, "code": error.code})
                await asyncio.sleep(RETRY_SECONDS)
                continue
            except Tampered as error:
                await self._set_aside(delivery, error)
                continue
            self._held = None
            return replace(delivery, envelope=envelope)

    async def ack(self, delivery: Delivery) -> None:
        await self._inner.ack(delivery)

    async def later(self, delivery: Delivery, seconds: float) -> None:
        await self._inner.later(self._closed(delivery), seconds)

    async def park(self, delivery: Delivery, code: str, detail: str) -> None:
        await self._inner.park(self._closed(delivery), code, detail)

    def _closed(self, delivery: Delivery) -> Delivery:
        return replace(delivery, envelope=sealed(delivery.envelope, self._seals))

    async def _set_aside(self, delivery: Delivery, error: Tampered) -> None:
        log.error("delivery parked", extra={"action": "parked", "queue": delivery.queue, "code": error.code})
        try:
            await self._inner.park(delivery, error.code, str(error))
        except BusUnavailable:
            await asyncio.sleep(RETRY_SECONDS)
            return
        self._held = None


def sealed(envelope: Envelope, seals: Seals) -> Envelope:
    return replace(envelope, body=seals.seal(envelope.body, "bus", envelope.id, envelope.key))


def opened(envelope: Envelope, seals: Seals) -> Envelope:
    return replace(envelope, body=seals.open(envelope.body, "bus", envelope.id, envelope.key))
