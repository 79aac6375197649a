from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from bot.model.ids import EffectId
from bot.ports.store import Store
from tests.store.made import ASHA, ODD, RAVI, delivery, gateway, reading, record


async def test_records_come_newest_first_with_odd_values_unchanged(store: Store) -> None:
    await store.record([record("a", at=1.0), record("b", at=3.0), record("c", at=2.0), record("d", kind="profile")])
    assert await store.records(ASHA, "consent") == [record("b", at=3.0), record("c", at=2.0), record("a", at=1.0)]
    assert [found.id for found in await store.records(ASHA, "consent", limit=1)] == ["b"]
    assert await store.records(ASHA, "consent", limit=0) == []
    assert await store.records(RAVI, "consent") == []


async def test_a_record_is_kept_once_as_it_first_was(store: Store) -> None:
    await store.record([record("a", data={"yes": True})])
    await store.record([record("a", data={"yes": False}), record("b", at=0.5)])
    assert await store.records(ASHA, "consent") == [record("a", data={"yes": True}), record("b", at=0.5)]


async def test_a_reading_is_stored_once_and_unchanged(store: Store) -> None:
    assert await store.add_reading(reading("r")) is True
    assert await store.add_reading(reading("r", value=999.0)) is False
    assert await store.readings(ASHA, "glucose") == [reading("r")]


async def test_one_reading_told_many_times_at_once_is_found_once(store: Store) -> None:
    told = await asyncio.gather(*[store.add_reading(reading("r")) for _ in range(20)])
    assert any(told)
    assert await store.readings(ASHA, "glucose") == [reading("r")]


@pytest.mark.parametrize("start", [0.0, 1_764_000_000.0])
async def test_readings_come_newest_first_from_a_moment_on(store: Store, start: float) -> None:
    times = [start + offset for offset in (10.0, 30.0, 20.0001, 20.0002)]
    for number, at in enumerate(times):
        await store.add_reading(reading(f"r{number}", at=at))
    ten, thirty, twenty, twenty_more = times
    assert [found.at for found in await store.readings(ASHA, "glucose")] == [thirty, twenty_more, twenty, ten]
    assert [found.at for found in await store.readings(ASHA, "glucose", since=twenty_more)] == [thirty, twenty_more]
    assert [found.at for found in await store.readings(ASHA, "glucose", limit=1)] == [thirty]
    together = await store.newest_readings(ASHA, {"weight": 0.0, "glucose": twenty_more, "hba1c": start}, 2)
    assert {kind: [one.at for one in found] for kind, found in together.items()} == {
        "weight": [], "glucose": [thirty, twenty_more], "hba1c": [],
    }  # fmt: skip
    assert await store.newest_readings(ASHA, {"glucose": 0.0}, 0) == {"glucose": []}
    assert await store.newest_readings(ASHA, {}, 5) == {}
    assert await store.readings(ASHA, "glucose", limit=0) == []
    assert await store.readings(ASHA, "weight") == []


async def test_a_corrected_reading_is_not_told_any_more_and_does_not_cost_a_place(store: Store) -> None:
    for name, at, of in [("a", 1.0, None), ("b", 2.0, None), ("c", 2.0, "b"), ("d", 3.0, "c"), ("e", 4.0, None)]:
        await store.add_reading(replace(reading(name, at=at), supersedes=EffectId(of) if of else None))
    assert [one.id for one in await store.readings(ASHA, "glucose")] == ["e", "d", "a"]
    assert [one.id for one in await store.readings(ASHA, "glucose", limit=3)] == ["e", "d", "a"]
    await store.add_reading(replace(reading("f", at=3.0), supersedes=EffectId("d"), withdrawn=True))  # taken back
    assert [one.id for one in await store.readings(ASHA, "glucose")] == ["e", "a"]


async def test_the_latest_word_on_a_delivery_wins_whenever_it_comes(store: Store) -> None:
    sent = delivery("e", "sent", 5.0, gateway_id=gateway("3EB0"))
    await store.save_deliveries([sent, delivery("e", "withheld", 4.0, code="quiet")])
    await store.save_deliveries([delivery("e", "failed", 3.0, code="x")])
    assert await store.delivery(sent.id) == sent
    failed = delivery("e", "failed", 6.0, code="131026")
    await store.save_deliveries([failed])
    assert await store.delivery(sent.id) == failed
    assert await store.delivery(delivery("other", "sent", 1.0).id) is None


async def test_a_link_is_remembered_and_can_change(store: Store) -> None:
    assert await store.phone_of("1234") is None
    await store.link("1234", "910000000001")
    await store.link("1234", "910000000001")
    assert await store.phone_of("1234") == "910000000001"
    await store.link("1234", "910000000002")
    assert await store.phone_of("1234") == "910000000002"


async def test_a_merge_moves_readings_records_and_deliveries_and_can_be_repeated(store: Store) -> None:
    await store.add_reading(reading("old", RAVI, at=1.0))
    await store.add_reading(reading("own", ASHA, at=2.0))
    await store.record([record("rec", RAVI, data=ODD)])
    await store.save_deliveries([delivery("del", "sent", 1.0, RAVI)])
    for _ in range(2):
        await store.merge(RAVI, ASHA)
        assert await store.readings(ASHA, "glucose") == [reading("own", at=2.0), reading("old", at=1.0)]
        assert await store.readings(RAVI, "glucose") == []
        assert await store.records(ASHA, "consent") == [record("rec", data=ODD)]
        assert await store.records(RAVI, "consent") == []
        assert await store.delivery(delivery("del", "sent", 1.0).id) == delivery("del", "sent", 1.0, ASHA)
    assert await store.add_reading(reading("old", RAVI, at=1.0)) is False
    assert len(await store.readings(ASHA, "glucose")) == 2


async def test_records_of_a_kind_are_counted_over_all_people(store: Store) -> None:
    await store.record([record("a", ASHA, "arm.x"), record("b", RAVI, "arm.x"), record("c", RAVI, "arm.y")])
    await store.record([record("a", ASHA, "arm.x")])
    assert [await store.people(kind) for kind in ("arm.x", "arm.y", "arm.z")] == [2, 1, 0]
