"""A worker over engines that a test chooses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agents.registry import NAMES
from bot.app.engines import Engines
from bot.errors import BusUnavailable
from bot.metrics import Metrics
from bot.ports.advice import Opinions
from bot.ports.bus import Bus
from bot.ports.sessions import Sessions
from bot.ports.store import JournalEntry
from bot.running.write_behind import WriteBehind
from bot.turns.outbox import Outbox
from bot.turns.worker import Worker
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import CountingEngine


@asynccontextmanager
async def working(
    engines: Engines,
    engine: CountingEngine,
    *,
    bus: Bus | None = None,
    sessions: Sessions | None = None,
    opinions: Opinions | None = None,
) -> AsyncIterator[Worker]:
    metrics = Metrics()

    async def refuse(entries: list[JournalEntry]) -> None:
        raise BusUnavailable

    journal = WriteBehind(engines.store.append_journal, refuse, metrics, delay=0.0)
    outbox = Outbox(bus or engines.bus, engines.timers, PARTITIONS, NAMES)
    async with asyncio.TaskGroup() as group:
        writer = group.create_task(journal.run())
        yield Worker(
            engine,
            sessions or engines.sessions,
            engines.store,
            outbox,
            journal,
            metrics,
            lambda: 2000.0,
            media=engines.media,
            opinions=opinions,
        )
        writer.cancel()
