from __future__ import annotations

import asyncio

from bot.model.ids import PersonId
from bot.ports.store import Store, TurnNote
from tests.store.made import ASHA, RAVI, entry, wake


async def test_nobody_has_a_snapshot_before_the_first_entry(store: Store) -> None:
    assert await store.latest(ASHA) is None
    assert await store.session(ASHA) is None


async def test_latest_gives_the_newest_session_and_the_inputs_newest_first(store: Store) -> None:
    await store.append_journal([entry(2), entry(1)])
    await store.append_journal([entry(3)])
    await store.append_journal([entry(9, RAVI)])
    snapshot = await store.latest(ASHA)
    assert snapshot is not None
    assert snapshot.session == entry(3).session == await store.session(ASHA)
    assert snapshot.seen == [entry(3).input_id, entry(2).input_id, entry(1).input_id]


async def test_a_snapshot_names_the_two_hundred_latest_inputs(store: Store) -> None:
    await store.append_journal([entry(version) for version in range(1, 251)])
    snapshot = await store.latest(ASHA)
    assert snapshot is not None
    assert snapshot.seen == [entry(version).input_id for version in range(250, 50, -1)]


async def test_a_repeated_entry_is_stored_once_and_its_neighbours_too(store: Store) -> None:
    await store.append_journal([entry(1)])
    await store.append_journal([entry(1, at=7.0), entry(2), entry(2)])
    snapshot = await store.latest(ASHA)
    assert snapshot is not None
    assert snapshot.seen == [entry(2).input_id, entry(1).input_id]


async def test_two_people_may_have_the_same_input_id(store: Store) -> None:
    await store.append_journal([entry(1, ASHA, input_id="same"), entry(1, RAVI, input_id="same")])
    for person in (ASHA, RAVI):
        snapshot = await store.latest(person)
        assert snapshot is not None
        assert snapshot.session.person == person


async def test_many_writers_at_once_lose_nothing(store: Store) -> None:
    people = [PersonId(f"p{number:03}") for number in range(60)]
    async with asyncio.TaskGroup() as tasks:
        for person in people:
            for version in (1, 2, 3):
                tasks.create_task(store.append_journal([entry(version, person, wakes=[wake(person, str(version))])]))
    for person in people:
        snapshot = await store.latest(person)
        assert snapshot is not None
        assert snapshot.session.version == 3
    assert await store.open_wakes(100) == [(person, [wake(person, "3")]) for person in people]


async def test_open_wakes_are_those_of_the_newest_entry_only(store: Store) -> None:
    first, second = sorted([ASHA, RAVI])
    await store.append_journal([entry(1, first, wakes=[wake(first, "old")]), entry(1, second, wakes=[wake(second, "w")])])
    await store.append_journal([entry(2, first, wakes=[wake(first, "new"), wake(first, "too")])])
    assert await store.open_wakes(10) == [
        (first, [wake(first, "new"), wake(first, "too")]),
        (second, [wake(second, "w")]),
    ]
    await store.append_journal([entry(2, second)])
    assert [person for person, _ in await store.open_wakes(10)] == [first]


async def test_an_older_entry_that_comes_late_does_not_reopen_a_wake_up(store: Store) -> None:
    await store.append_journal([entry(2)])
    await store.append_journal([entry(1, wakes=[wake()])])
    assert await store.open_wakes(10) == []


async def test_open_wakes_come_in_pages(store: Store) -> None:
    people = [PersonId(f"p{number}") for number in range(5)]
    await store.append_journal([entry(1, person, wakes=[wake(person)]) for person in people])
    page = await store.open_wakes(2)
    assert [person for person, _ in page] == people[:2]
    assert [person for person, _ in await store.open_wakes(10, people[1])] == people[2:]
    assert await store.open_wakes(0) == []


async def test_nothing_to_write_is_no_error(store: Store) -> None:
    await store.append_journal([])
    await store.record([])
    await store.save_deliveries([])
    await store.ping()


async def test_turns_are_read_page_by_page_in_the_order_of_time(store: Store) -> None:
    entries = [entry(number, person, at=float(1000 + number // 3)) for number in range(1, 10) for person in (ASHA, RAVI)]
    await store.append_journal(list(reversed(entries)))
    wanted = sorted((one.at, one.person, one.input_id) for one in entries)
    found: list[TurnNote] = []
    while page := await store.turns(0.0, 4, found[-1] if found else None):
        assert len(page) <= 4
        found += page
    assert [(one.at, one.person, one.input_id) for one in found] == wanted
    assert {one.kind for one in found} == {"text"}
    assert found[0].trace == [{"step": "ask", "took": 0.5}]


async def test_turns_begin_at_the_moment_asked_for_and_it_belongs_to_them(store: Store) -> None:
    await store.append_journal([entry(1, at=10.0), entry(2, at=20.0), entry(3, at=30.0)])
    assert [one.at for one in await store.turns(20.0, 10)] == [20.0, 30.0]
    assert await store.turns(31.0, 10) == []
    assert await store.turns(0.0, 0) == []
