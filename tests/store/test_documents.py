from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from bot.model.ids import PersonId
from bot.ports.documents import Document
from bot.ports.store import Store
from tests.store.made import ASHA, ODD, RAVI


def case(name: str, person: PersonId = ASHA, **more: Any) -> Document:
    return Document("case", name, person, **{"at": 1.0, **more})


async def test_a_document_is_found_as_it_was_saved_one_version_on(store: Store) -> None:
    assert await store.documents.get("case", "a") is None
    made = case("a", due=5.5, state="open", data=ODD)
    assert await store.documents.save(made) is True
    assert await store.documents.get("case", "a") == replace(made, version=1)
    assert await store.documents.get("visit", "a") is None


async def test_a_new_document_does_not_replace_another(store: Store) -> None:
    assert await store.documents.save(case("a", state="first")) is True
    assert await store.documents.save(case("a", state="second")) is False
    found = await store.documents.get("case", "a")
    assert found is not None
    assert found.state == "first"


async def test_only_who_read_the_last_version_may_change_it(store: Store) -> None:
    await store.documents.save(case("a"))
    read = await store.documents.get("case", "a")
    assert read is not None
    assert await store.documents.save(replace(read, state="mine", due=3.0)) is True
    assert await store.documents.save(replace(read, state="theirs")) is False
    assert await store.documents.get("case", "a") == replace(read, version=2, state="mine", due=3.0)


async def test_of_many_who_change_the_same_version_one_succeeds(store: Store) -> None:
    await store.documents.save(case("a"))
    read = await store.documents.get("case", "a")
    assert read is not None
    saved = await asyncio.gather(*[store.documents.save(replace(read, state=str(number))) for number in range(20)])
    assert saved.count(True) == 1
    created = await asyncio.gather(*[store.documents.save(case("b", state=str(number))) for number in range(20)])
    assert created.count(True) == 1


async def test_those_of_a_person_come_newest_first(store: Store) -> None:
    for name, at in [("a", 1.0), ("b", 3.0), ("c", 2.0)]:
        await store.documents.save(case(name, at=at))
    await store.documents.save(case("d", RAVI))
    assert [one.id for one in await store.documents.of(ASHA, "case")] == ["b", "c", "a"]
    assert [one.id for one in await store.documents.of(ASHA, "case", limit=1)] == ["b"]
    assert await store.documents.of(ASHA, "case", limit=0) == []
    assert await store.documents.of(ASHA, "visit") == []


async def test_all_are_listed_page_by_page_and_by_state(store: Store) -> None:
    for name, state in [("a", "open"), ("b", "done"), ("c", "open"), ("d", "open")]:
        await store.documents.save(case(name, state=state))
    assert [one.id for one in await store.documents.listed("case", limit=2)] == ["a", "b"]
    assert [one.id for one in await store.documents.listed("case", limit=2, after="b")] == ["c", "d"]
    assert [one.id for one in await store.documents.listed("case", state="open", limit=2, after="a")] == ["c", "d"]


async def test_due_work_is_taken_once_and_comes_back_when_nobody_saved_it(store: Store) -> None:
    for name, due in [("late", 10.0), ("soon", 90.0), ("never", None), ("later", 20.0)]:
        await store.documents.save(case(name, due=due))
    await store.documents.save(Document("visit", "other", ASHA, 1.0, due=1.0))
    taken = await store.documents.claim_due(["case"], 50.0, 10, lease=30.0)
    assert sorted(one.id for one in taken) == ["late", "later"]
    assert await store.documents.claim_due(["case"], 50.0, 10, lease=30.0) == []
    first = next(one for one in taken if one.id == "late")
    assert await store.documents.save(replace(first, due=None)) is True  # claiming did not change the version
    assert [one.id for one in await store.documents.claim_due(["case", "visit"], 85.0, 1, lease=30.0)] == ["other"]
    assert [one.id for one in await store.documents.claim_due(["case", "visit"], 85.0, 9, lease=30.0)] == ["later"]
    assert await store.documents.claim_due([], 1000.0, 9, lease=30.0) == []


async def test_two_who_claim_at_once_share_the_work(store: Store) -> None:
    for number in range(20):
        await store.documents.save(case(f"c{number:02}", due=1.0))
    shares = await asyncio.gather(*[store.documents.claim_due(["case"], 2.0, 7, lease=30.0) for _ in range(4)])
    names = [one.id for share in shares for one in share]
    assert sorted(names) == [f"c{number:02}" for number in range(20)]


@pytest.mark.parametrize("again", [1, 2])
async def test_a_merge_moves_documents_and_what_was_read_before_can_still_be_saved(store: Store, again: int) -> None:
    await store.documents.save(case("a", RAVI))
    read = await store.documents.get("case", "a")
    for _ in range(again):
        await store.merge(RAVI, ASHA)
    assert read is not None
    assert await store.documents.save(replace(read, state="kept")) is True
    found = await store.documents.get("case", "a")
    assert found is not None
    assert (found.person, found.state) == (ASHA, "kept")
    assert await store.documents.of(RAVI, "case") == []
