"""Readings are sealed anew while others store: with the old key, which they do not know to be old yet, or by erasing."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.mongo import MongoStore
from bot.adapters.mongo.resealing import MongoResealing
from bot.sealing.seals import UNSEALED
from tests.sealed import SEALS
from tests.store.made import ASHA, reading
from tests.store.watched import watched

AT = 1_764_000_000.0

pytestmark = pytest.mark.services


async def resealed(database: Any, store: MongoStore) -> int:
    return sum(
        [step.done async for step in MongoResealing(database, lambda factor: store._deadline(factor=factor), SEALS).steps()]
    )


async def test_what_is_stored_meanwhile_with_the_old_key_stays(mongodb_url: str, mongodb_database: str) -> None:
    async with (
        MongoStore.open(mongodb_url, mongodb_database, seals=UNSEALED, timeout=20.0) as other,
        MongoStore.open(mongodb_url, mongodb_database, seals=SEALS, timeout=20.0) as store,
    ):
        await other.add_reading(reading("first", ASHA, at=AT))
        stored = ["first"]

        async def before(call: str) -> None:
            if call in ("update_many", "insert_many", "delete_many"):
                stored.append(f"before_{call}")
                await other.add_reading(reading(stored[-1], ASHA, at=AT + len(stored)))

        assert await resealed(watched(store, before), store) > 0
        held = await store.held(ASHA, 100)
        assert sorted(one.id for one in held.readings) == sorted(stored)
        assert len(stored) == 4
        assert await resealed(store._db, store) > 0
        assert await resealed(store._db, store) == 0
        assert sorted(one.id for one in (await store.held(ASHA, 100)).readings) == sorted(stored)


async def test_what_was_erased_meanwhile_goes_with_the_next_look(mongodb_url: str, mongodb_database: str) -> None:
    async with (
        MongoStore.open(mongodb_url, mongodb_database, seals=UNSEALED, timeout=20.0) as other,
        MongoStore.open(mongodb_url, mongodb_database, seals=SEALS, timeout=20.0) as store,
    ):
        await other.add_reading(reading("old", ASHA, at=AT))

        async def before(call: str) -> None:
            if call == "insert_many":
                await other.erase(ASHA, AT + 1)

        await resealed(watched(store, before), store)
        await store.erase(ASHA, AT + 1)  # it looks again after two minutes, and after an hour
        assert [one for one in await store.remains(ASHA) if one.place == "readings"] == []
