"""What was kept for long enough goes: once a day, by data class, in steps that hold nobody up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from bot.errors import Unavailable
from bot.ports.store import Place, Store
from config.retention import DataClass, Retention

log = logging.getLogger(__name__)

DAY = 86_400.0
STEP = 2000  # things that go in one write


async def count_old(store: Store, rules: Retention, now: float) -> dict[str, int]:
    """How many of each class would go now. Changes nothing."""
    found: dict[str, int] = {}
    for name, one in rules.classes.items():
        due = _due(one, now)
        found[name] = 0 if due is None else await store.count_old(due[0], one.kinds, due[1])
    return found


async def drop_old(store: Store, rules: Retention, now: float) -> dict[str, int]:
    """Delete them; returns how many of each class went. Raises StoreUnavailable; repeating goes on where it ended."""
    gone: dict[str, int] = {}
    for name, one in rules.classes.items():
        gone[name] = 0
        due = _due(one, now)
        while due is not None and (count := await store.drop_old(due[0], one.kinds, due[1], STEP)):
            gone[name] += count
    return gone


async def keep_dropping(store: Store, rules: Retention, clock: Callable[[], float], stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            for name, count in (await drop_old(store, rules, clock())).items():
                if count:
                    log.info("what was kept for long enough went", extra={"action": "retention", "kind": name, "count": count})
        except Unavailable as error:
            log.warning("old data could not be deleted", extra={"action": "retention_failed", "code": error.code})
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), DAY)


def _due(one: DataClass, now: float) -> tuple[Place, float] | None:
    """Where it lies, and before which moment it goes; None where nothing goes by its age."""
    if one.days is None or one.place == "readings" or one.place == "documents":
        return None
    return one.place, now - one.days * DAY
