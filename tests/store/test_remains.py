"""Who looks for what is held of a person finds all of it, and changes nothing."""

from __future__ import annotations

import pytest

from bot.model.ids import PersonId, person_of
from bot.ports.store import Store
from tests.store.filled import AMMA, WHEN, fill
from tests.store.made import ASHA, RAVI, delivery, entry, reading, wake

PLACES = ["deliveries", "documents", "documents", "heads", "journal", "readings", "records", "records"]


async def places(store: Store, person: PersonId) -> list[str]:
    return sorted(one.place for one in await store.remains(person))


async def test_all_of_a_household_is_found_and_nothing_of_others(store: Store) -> None:
    await fill(store)
    await store.link("111", "910000000001")
    await store.link("222", "910000000002")
    assert await places(store, ASHA) == sorted([*PLACES, *PLACES, "links"])  # her own and her mother's
    assert await places(store, AMMA) == PLACES
    found = await store.remains(ASHA)
    assert found == await store.remains(ASHA)
    [mine] = [one for one in found if one.place == "readings" and one.id == f"r-{ASHA}"]
    assert (mine.kind, mine.at) == ("glucose", reading("r").at)
    assert {one.kind for one in found if one.place == "documents"} == {"reminder", "booking"}
    assert [one.id for one in found if one.place == "links"] == ["111"]


async def test_after_erasing_only_what_must_stay_is_found(store: Store) -> None:
    await fill(store)
    await store.append_journal([entry(3, AMMA, wakes=[wake(AMMA)])])
    await store.erase(ASHA, WHEN, keep_records=["consent"], keep_documents=["booking"])
    assert await places(store, ASHA) == ["documents", "documents", "records", "records"]
    assert await places(store, RAVI) == PLACES


async def test_hidden_numbers_are_found_and_forgotten_by_the_phone_alone(store: Store) -> None:
    for lid, phone in (("111", "910000000001"), ("112", "910000000001"), ("222", "910000000002")):
        await store.link(lid, phone)
    assert sorted(await store.hidden_numbers(ASHA)) == ["111", "112"]
    assert await store.hidden_numbers(person_of("lid:222")) == ["222"]
    for _ in range(2):
        await store.unlink(ASHA)
        assert await store.hidden_numbers(ASHA) == []
    assert (await store.phone_of("111"), await store.phone_of("222")) == (None, "910000000002")


@pytest.mark.parametrize("place", ["deliveries", "readings", "journal"])
async def test_one_thing_that_is_left_is_told(store: Store, place: str) -> None:
    if place == "deliveries":
        await store.save_deliveries([delivery("d1", "sent", 5.0)])
    elif place == "readings":
        await store.add_reading(reading("r1"))
    else:
        await store.append_journal([entry(1)])
    assert place in await places(store, ASHA)
    assert await places(store, RAVI) == []
