from __future__ import annotations

import pytest

from bot.ports.documents import Document
from bot.ports.store import Store
from tests.store.filled import AMMA, WHEN, fill
from tests.store.made import ASHA, RAVI, delivery, entry, reading, record


async def test_all_that_is_held_of_a_person_is_found(store: Store) -> None:
    await fill(store)
    await store.add_reading(reading("later", ASHA, at=1_764_000_050.5))
    held = await store.held(ASHA, 100)
    assert [one.id for one in held.readings] == ["later", f"r-{ASHA}"]
    assert sorted(one.kind for one in held.records) == ["consent", "meal"]
    assert sorted(one.kind for one in held.documents) == ["booking", "reminder"]
    assert len((await store.held(ASHA, 1)).readings) == 1
    assert (await store.held(ASHA, 0)).records == []


@pytest.mark.parametrize("again", [1, 2])
async def test_what_is_erased_is_gone_and_what_must_stay_and_all_of_others_stays(store: Store, again: int) -> None:
    await fill(store)
    for _ in range(again):
        await store.erase(ASHA, WHEN, keep_records=["consent"], keep_documents=["booking"])
    for person in (ASHA, AMMA):
        held = await store.held(person, 100)
        assert held.readings == []
        assert [one.kind for one in held.records] == ["consent"]
        assert [one.kind for one in held.documents] == ["booking"]
        assert await store.delivery(delivery(f"d-{person}", "sent", 1.0).id) is None
        assert await store.latest(person) is None
    held = await store.held(RAVI, 100)
    assert (len(held.readings), len(held.records), len(held.documents)) == (1, 2, 2)
    assert await store.latest(RAVI) is not None
    assert await store.open_wakes(10) == []


async def test_what_came_afterwards_stays(store: Store) -> None:
    await fill(store)
    await store.add_reading(reading("new", ASHA, at=WHEN + 1))
    await store.record([record("new", ASHA, "meal", WHEN + 1)])
    await store.documents.save(Document("reminder", "new", ASHA, WHEN + 1))
    await store.append_journal([entry(2, at=WHEN + 1)])
    await store.erase(ASHA, WHEN)
    held = await store.held(ASHA, 100)
    assert [one.id for one in held.readings] == ["new"]
    assert [one.id for one in held.records] == ["new"]
    assert [one.id for one in held.documents] == ["new"]
    snapshot = await store.latest(ASHA)
    assert snapshot is not None
    assert snapshot.session.version == 2
    assert await store.add_reading(reading("new", ASHA, at=WHEN + 1)) is False  # still known: a repeat stores nothing
