"""The scheduler: turns due timers into turns. Any number may run; each timer is taken by one of them, under a lease."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot import queues
from bot.errors import Unavailable
from bot.metrics import Metrics
from bot.model.codec import encode
from bot.model.effects import WakeAt
from bot.model.events import TimerFired
from bot.model.ids import InputId, PersonId
from bot.ports.bus import Bus, Envelope
from bot.ports.sessions import Timers
from bot.ports.store import Store

log = logging.getLogger(__name__)

TICK = 0.25
"""Seconds between two looks for due timers."""
LEASE = 30.0
"""Seconds in which nobody else takes a timer that one scheduler has taken."""
BATCH = 500


class Scheduler:
    """``run`` until cancelled. A crash between claim and publish delays a timer by the lease and loses nothing."""

    def __init__(
        self, timers: Timers, bus: Bus, store: Store, metrics: Metrics, clock: Callable[[], float], partitions: int
    ) -> None:
        self._timers, self._bus, self._store = timers, bus, store
        self._metrics, self._clock, self._partitions = metrics, clock, partitions

    async def run(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            busy = False
            try:
                if not await self._timers.intact():
                    await self._set_again()
                busy = await self.tick() == BATCH
            except Unavailable as error:
                log.warning("timers wait for an engine", extra={"action": "timers_wait", "code": error.code})
                await _sleep(stop, 1.0)
            if not busy:
                await _sleep(stop, TICK)

    async def tick(self) -> int:
        """Fire what is due now; returns how many were. Raises Unavailable; what was claimed is then due again after the lease."""
        due = await self._timers.claim_due(self._clock(), BATCH, LEASE)
        await asyncio.gather(*(self._fire(wake) for wake in due))
        return len(due)

    async def _fire(self, wake: WakeAt) -> None:
        event = TimerFired(id=InputId(f"{wake.id}:fired"), person=wake.person, timer=wake.id, at=self._clock(), data=wake.data)
        queue = queues.turns_of(wake.person, self._partitions)
        await self._bus.publish(queue, Envelope(id=event.id, key=event.person, body=encode(event), at=event.at))
        await self._timers.done(wake)
        self._metrics.timers.labels("fired").inc()

    async def _set_again(self) -> None:
        """The session engine is new or lost its data: the journal knows which timers were open."""
        after: PersonId | None = None
        count = 0
        while people := await self._store.open_wakes(BATCH, after):
            for person, wakes in people:
                for wake in wakes:
                    await self._timers.set(wake)
                    count += 1
                after = person
        await self._timers.mark_intact()
        self._metrics.timers.labels("set_again").inc(count)
        log.info("timers set again from the journal", extra={"action": "timers_set_again", "count": count})


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
