"""MongoDB cannot delete some readings of a person: however far it came, and whatever comes meanwhile, no newer one is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

import pytest

from bot.adapters.mongo import MongoStore
from bot.adapters.mongo.erasing import erase_person
from tests.sealed import SEALS
from tests.store.made import ASHA, RAVI, reading
from tests.store.watched import watched

UNTIL = 1_764_000_000.0

pytestmark = pytest.mark.services


class Ended(Exception):
    """The process is no more."""


async def readings_of(store: MongoStore, person: Any) -> list[str]:
    return sorted(one.id for one in (await store.held(person, 100)).readings)


async def fill(store: MongoStore) -> None:
    for name, person, at in (("old", ASHA, UNTIL - 5), ("new", ASHA, UNTIL + 5), ("his", RAVI, UNTIL - 5)):
        await store.add_reading(reading(name, person, at=at))


def ended_at(number: int) -> Callable[[str], Awaitable[None]]:
    """Before that call the process ends."""
    calls = count(1)

    async def before(_: str) -> None:
        if next(calls) == number:
            raise Ended

    return before


async def test_whoever_goes_on_with_it_loses_nothing_newer_wherever_it_ended(mongodb_url: str, mongodb_database: str) -> None:
    at, ended = 0, True
    while ended:
        at, ended = at + 1, False
        async with MongoStore.open(mongodb_url, f"{mongodb_database[:40]}_{at}", seals=SEALS, timeout=20.0) as store:
            await fill(store)
            try:
                await erase_person(watched(store, ended_at(at)), ASHA, UNTIL, keep_records=[], keep_documents=[])
            except Ended:
                ended = True
                assert {one.id for one in await store.remains(ASHA) if one.place == "readings"} >= {"new"}
            await store.erase(ASHA, UNTIL)
            assert await readings_of(store, ASHA) == ["new"], at
            assert [one.id for one in await store.remains(ASHA) if one.place == "readings"] == ["new"], at
            assert await readings_of(store, RAVI) == ["his"], at
            await store.add_reading(reading("old", ASHA, at=UNTIL + 6))
            assert await readings_of(store, ASHA) == ["new", "old"], "its id is free again"
            await store._db.client.drop_database(store._db.name)
    assert at > 8


async def test_what_is_stored_in_the_middle_of_it_stays(mongodb_url: str, mongodb_database: str) -> None:
    async with MongoStore.open(mongodb_url, mongodb_database, seals=SEALS, timeout=20.0) as store:
        await fill(store)
        stored: list[str] = []

        async def before(call: str) -> None:
            if len(stored) < 20:
                name = f"meanwhile{len(stored):02}"
                stored.append(name)
                await store.add_reading(reading(name, ASHA, at=UNTIL + 10 + len(stored)))

        await erase_person(watched(store, before), ASHA, UNTIL, keep_records=[], keep_documents=[])
        assert len(stored) > 8
        assert await readings_of(store, ASHA) == [*stored, "new"]
