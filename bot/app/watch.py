"""Watch what no role sees by itself, on a timer in the scheduler: the queues, emergencies that nobody takes, backups; and in each
role its keys and its disk."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from agents.clinical_monitor.cases import KIND
from bot.errors import BusUnavailable, Unavailable
from bot.metrics import Metrics
from bot.ports.bus import Bus, Depth, QueueSpec
from bot.ports.documents import Documents
from bot.ports.sessions import Directory
from bot.sealing.keyring import Keyring

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two samples of the queues."""
CASES_EVERY = 15.0
BACKUPS_EVERY = 60.0
KEYS_EVERY = 15.0
DISK_EVERY = 15.0
MOST_CASES = 5000
DAY = 86_400.0
LATE = 60.0
"""Seconds after which a step of a case that is due counts as late."""


class QueueWatch:
    """Depth and consumers of each queue, and since when messages have waited where nobody consumes: no consumer, no age."""

    def __init__(self, bus: Bus, queues: Sequence[QueueSpec], metrics: Metrics, clock: Callable[[], float]) -> None:
        self._bus, self._queues, self._metrics, self._clock = bus, queues, metrics, clock
        self._since: dict[str, float] = {}

    async def sample(self) -> None:
        """Raises Unavailable."""
        metrics = self._metrics
        for spec in self._queues:
            queue, depth = spec.name, await self._depth(spec)
            now = self._clock()
            if depth.ready and not depth.consumers:
                self._since.setdefault(queue, now)
            else:
                self._since.pop(queue, None)
            metrics.queue_depth.labels(queue).set(depth.ready + depth.unsettled)
            metrics.queue_consumers.labels(queue).set(depth.consumers)
            metrics.queue_unattended.labels(queue).set(now - self._since.get(queue, now))
        metrics.parked_now.set(len(await self._bus.parked(1000)))

    async def _depth(self, spec: QueueSpec) -> Depth:
        try:
            return await self._bus.depth(spec.name)
        except BusUnavailable as error:
            if error.code != "no_such_queue":
                raise
        # The broker lost its data, and the other roles' accounts make no queues.
        await self._bus.declare(self._queues)
        return await self._bus.depth(spec.name)


async def sample_cases(documents: Documents, metrics: Metrics, clock: Callable[[], float]) -> None:
    """Emergency cases that climb. Raises Unavailable."""
    climbing = await documents.listed(KIND, state="climbing", limit=MOST_CASES)
    now = clock()
    metrics.cases_climbing.set(len(climbing))
    metrics.cases_oldest.set(max((now - case.at for case in climbing), default=0.0))
    unreached = await documents.listed(KIND, state="exhausted_told", limit=MOST_CASES)
    metrics.cases_unreached.set(sum(case.at > now - DAY for case in unreached))
    metrics.cases_overdue.set(sum(case.due is not None and case.due < now - LATE for case in climbing))


async def sample_backup(directory: Directory, metrics: Metrics) -> None:
    """When the newest backup was made. Raises Unavailable."""
    metrics.backup.set(await directory.last_backup() or 0.0)


async def sample_keys(keys: Keyring, metrics: Metrics) -> None:
    """How long this process can still open and seal."""
    seconds, token = keys.left()
    metrics.keys_left.set(seconds)
    metrics.key_token_left.set(token)


async def sample_disk(folder: Path, metrics: Metrics) -> None:
    """How much room there is where files, and in the embedded form everything, are written."""
    try:
        free, whole = room(folder)
    except OSError as error:  # a folder that cannot be looked at is no reason to end a role
        log.warning("the disk cannot be looked at", extra={"action": "sample_failed", "code": type(error).__name__})
        return
    metrics.disk_free.set(free / whole)


def room(folder: Path) -> tuple[int, int]:
    """Free and all bytes of the disk where a folder lies, or will lie: not every role makes it."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    usage = shutil.disk_usage(there)
    return usage.free, usage.total


async def keep_sampling(sample: Callable[[], Awaitable[None]], every: float, stop: asyncio.Event) -> None:
    """Call it again and again until ``stop`` is set. An engine that is away leaves the figures as they were."""
    while not stop.is_set():
        try:
            await sample()
        except Unavailable as error:
            log.info("a sample could not be taken", extra={"action": "sample_failed", "code": error.code})
        try:
            await asyncio.wait_for(stop.wait(), every)
        except TimeoutError:
            continue
