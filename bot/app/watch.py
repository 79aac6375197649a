"""Watch the queues: depth and age as metrics, sampled on a timer by the scheduler role."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from bot.errors import BusUnavailable
from bot.metrics import Metrics
from bot.ports.bus import Bus

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two samples."""


async def watch_queues(bus: Bus, queues: Sequence[str], metrics: Metrics, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            for queue in queues:
                depth = await bus.depth(queue)
                metrics.queue_depth.labels(queue).set(depth.ready + depth.unsettled)
                metrics.queue_age.labels(queue).set(depth.oldest_age or 0.0)
            metrics.parked_now.set(len(await bus.parked(1000)))
        except BusUnavailable:
            log.info("queues could not be sampled", extra={"action": "sample_failed"})
        try:
            await asyncio.wait_for(stop.wait(), EVERY)
        except TimeoutError:
            continue
