"""A decision about a parked message is in the log before it is done: whatever happens in between is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.adapters.memory.audit import MemoryAudit
from bot.audit.chain import Entry, Note
from bot.audit.parked import ABOUT_TO, DONE, FAILED, GONE, decide
from bot.errors import BusUnavailable, StoreUnavailable


class Bus:
    """Parks one message; ``trouble`` happens instead of an answer."""

    trouble: BaseException | None = None

    def __init__(self) -> None:
        self.there = {"1"}

    async def drop(self, parked_id: str) -> bool:
        if self.trouble is not None:
            raise self.trouble
        known = parked_id in self.there
        self.there.discard(parked_id)
        return known

    replay = drop


class Away(MemoryAudit):
    async def enter(self, note: Note) -> Entry:
        raise StoreUnavailable


class Killed(BaseException):
    """The process ended."""


async def noted(audit: MemoryAudit) -> list[str]:
    return [one.note.what for one in await audit.entries()]


@pytest.mark.parametrize("what", ["replay", "drop"])
async def test_a_decision_is_entered_before_and_after(what: Any) -> None:
    audit, bus = MemoryAudit(), Bus()
    ask: Callable[[], Any] = lambda: decide(bus, audit, what, "1", "staff asha", lambda: 1.0)  # type: ignore[arg-type]  # noqa: E731
    bus.trouble = Killed()
    with pytest.raises(Killed):
        await ask()
    assert await noted(audit) == [ABOUT_TO[what]], "a crash in between leaves the first entry alone"
    bus.trouble = BusUnavailable(code="bus_away")
    with pytest.raises(BusUnavailable):
        await ask()
    bus.trouble = None
    assert await ask()
    assert not await ask()
    assert (await noted(audit))[1:] == [ABOUT_TO[what], FAILED, ABOUT_TO[what], DONE[what], ABOUT_TO[what], GONE]


async def test_without_the_log_nothing_is_done() -> None:
    bus = Bus()
    with pytest.raises(StoreUnavailable):
        await decide(bus, Away(), "drop", "1", "staff asha", lambda: 1.0)  # type: ignore[arg-type]
    assert bus.there == {"1"}
