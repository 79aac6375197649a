"""Writing behind: each writer is told when its own entry is safe, wherever that is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.errors import BusUnavailable, Malformed, StoreUnavailable
from bot.metrics import Metrics
from bot.running import write_behind
from bot.running.write_behind import WriteBehind


class Shelf:
    def __init__(self, error: Exception | None = None) -> None:
        self.batches: list[list[int]] = []
        self.error = error
        self.asked = 0

    async def put(self, entries: list[int]) -> None:
        self.asked += 1
        if self.error:
            raise self.error
        self.batches.append(entries)


@asynccontextmanager
async def writing(store: Shelf, bus: Shelf, **more: float) -> AsyncIterator[WriteBehind[int]]:
    behind: WriteBehind[int] = WriteBehind(store.put, bus.put, Metrics(), **more)  # type: ignore[arg-type]
    async with asyncio.TaskGroup() as group:
        task = group.create_task(behind.run())
        yield behind
        task.cancel()


async def test_entries_that_come_together_are_one_batch() -> None:
    store, bus = Shelf(), Shelf()
    async with writing(store, bus, delay=0.01) as behind:
        await asyncio.gather(*(behind.add(n) for n in range(10)))
    assert store.batches == [list(range(10))]


async def test_a_store_that_is_down_sends_the_batch_to_the_bus_and_is_left_alone_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(write_behind, "SHUN", 3600.0)
    store, bus = Shelf(StoreUnavailable()), Shelf()
    async with writing(store, bus, delay=0.0) as behind:
        await behind.add(1)
        await behind.add(2)
    assert bus.batches == [[1], [2]]
    assert store.asked == 1


async def test_when_nobody_takes_it_the_writer_hears_it() -> None:
    async with writing(Shelf(StoreUnavailable()), Shelf(BusUnavailable()), delay=0.0) as behind:
        with pytest.raises(BusUnavailable):
            await behind.add(1)


async def test_a_writer_that_went_away_does_not_disturb_the_others() -> None:
    store = Shelf()
    async with writing(store, Shelf(), delay=0.02) as behind:
        gone = asyncio.create_task(behind.add(1))
        stays = asyncio.create_task(behind.add(2))
        await asyncio.sleep(0)
        gone.cancel()
        await stays
    assert store.batches == [[1, 2]]


class Picky(Shelf):
    """Cannot write thirteen."""

    async def put(self, entries: list[int]) -> None:
        if 13 in entries:
            raise Malformed("thirteen")
        await super().put(entries)


async def test_an_entry_that_cannot_be_written_takes_no_other_with_it() -> None:
    store, bus = Picky(), Shelf()
    async with writing(store, bus, delay=0.01) as behind:
        ends = await asyncio.gather(*(behind.add(n) for n in (12, 13, 14)), return_exceptions=True)
    assert [type(end) for end in ends] == [type(None), Malformed, type(None)]
    assert store.batches == [[12], [14]]
    assert bus.batches == [], "what is malformed for the store is so for the bus"


async def test_an_outage_of_both_is_not_tried_once_for_each_entry() -> None:
    store, bus = Shelf(StoreUnavailable()), Shelf(BusUnavailable())
    async with writing(store, bus, delay=0.01) as behind:
        ends = await asyncio.gather(*(behind.add(n) for n in range(5)), return_exceptions=True)
    assert [type(end) for end in ends] == [BusUnavailable] * 5
    assert (store.asked, bus.asked) == (1, 1)
