"""A process that ends at any step of the retention job: the next one goes on, and nothing that has to stay was touched."""

from __future__ import annotations

from typing import Any

import pytest

from bot.ports.store import Store
from bot.upkeep import retention
from bot.upkeep.retention import DAY, count_old, drop_old
from config.retention import load_retention
from tests.store.made import ASHA, RAVI, delivery, entry, record

RULES = load_retention()
NOW = 2_000_000_000.0
OLD, YOUNG = NOW - 401 * DAY, NOW - 399 * DAY


class Ended(Exception):
    """The process is no more."""


class _Ending:
    """A store whose process ends at its next step that deletes something: before it is done, or before it is known to be done."""

    def __init__(self, store: Store, when: str) -> None:
        self._store, self._when = store, when
        self.ended = False

    async def drop_old(self, place: Any, kinds: Any, before: float, limit: int) -> int:
        if self._when == "before" and await self._store.count_old(place, kinds, before):
            if self.ended:
                raise Ended
            self.ended = True  # one step gets through, the second does not
        count = await self._store.drop_old(place, kinds, before, limit)
        if self._when == "after" and count:
            self.ended = True
            raise Ended
        return count


async def _fill(store: Store) -> None:
    await store.append_journal([entry(number, at=OLD + number) for number in range(1, 4)])
    await store.append_journal([entry(4, at=YOUNG), *(entry(number, RAVI, at=OLD) for number in (1, 2))])
    await store.save_deliveries([delivery(f"d{number}", "sent", OLD if number < 3 else YOUNG) for number in range(5)])
    kinds = ("llm_use", "notice", "consent", "emergency", "meal")
    await store.record([record(f"{kind}{at}", ASHA, kind, at) for kind in kinds for at in (OLD, YOUNG)])


async def _held(store: Store) -> set[tuple[str, str, str]]:
    return {(one.place, one.kind, str(one.at)) for person in (ASHA, RAVI) for one in await store.remains(person)}


@pytest.mark.parametrize("when", ["before", "after"])
async def test_wherever_it_ends_the_next_run_goes_on_and_only_what_is_old_goes(
    store: Store, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(retention, "STEP", 1)  # so that there are many places to end at
    await _fill(store)
    at_first = await _held(store)
    ends, left = 0, sum((await count_old(store, RULES, NOW)).values())
    assert left == 3 + 1 + 3 + 2, "Asha's journal, Ravi's but the newest, three deliveries, a use of a model and a notice"
    while True:
        ending: Any = _Ending(store, when)
        try:
            await drop_old(ending, RULES, NOW)
        except Ended:
            ends += 1
            still = sum((await count_old(store, RULES, NOW)).values())
            assert still == left - 1, "what a step had deleted is gone, and no more"
            left = still
            continue
        break
    assert left <= 1, "the last run had one step at most to do"
    assert ends >= 8
    assert set((await count_old(store, RULES, NOW)).values()) == {0}
    stays = await _held(store)
    assert stays < at_first
    assert {("records", kind, str(at)) for kind in ("consent", "emergency", "meal") for at in (OLD, YOUNG)} <= stays
    assert {one for one in at_first if one[2] == str(YOUNG)} <= stays
    newest = await store.latest(RAVI)
    assert newest is not None
    assert newest.session.version == 2
