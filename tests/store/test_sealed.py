"""What lies in the engines themselves: nothing of a person but ids and times, and nothing that can be changed or moved unseen."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import bson
import pytest
from pymongo import MongoClient

from bot.adapters.mongo import MongoStore
from bot.adapters.sqlite import SqliteStore
from bot.audit.chain import Note
from bot.errors import Tampered
from bot.model.effects import WakeAt
from bot.model.ids import EffectId, GatewayId, InputId, person_of
from bot.ports.documents import Document
from bot.ports.store import Store
from bot.sealing.seals import UNSEALED, Seals
from tests.sealed import SEALS
from tests.store.made import ASHA, RAVI, delivery, entry, reading, record

PHONE, LID = "919800000077", "123450000077"
WORDS = ("पैर में घाव", "Meena Kumari", "metformin 500", "chest pain", "7.7 subah", "wamid.SECRET", "why she asked", PHONE, LID)

Open = Callable[[Seals], Any]
Raw = Callable[[], bytes]


@pytest.fixture(params=["sqlite", pytest.param("mongo", marks=pytest.mark.services)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Open, Raw]:
    """How to open the store, and all of its bytes."""
    if request.param == "sqlite":
        path = tmp_path / "record.db"
        return (
            lambda seals: SqliteStore.open(path, seals=seals),
            lambda: b"".join(file.read_bytes() for file in tmp_path.iterdir()),
        )
    url, database = request.getfixturevalue("mongodb_url"), request.getfixturevalue("mongodb_database")

    def dump() -> bytes:
        with MongoClient[dict[str, Any]](url) as admin:
            base = admin[database]
            return b"".join(bson.encode(one) for name in base.list_collection_names() for one in base[name].find())

    return lambda seals: MongoStore.open(url, database, seals=seals, timeout=20.0), dump


async def live(store: Store) -> None:
    """Something of every kind."""
    entry_ = entry(1, wakes=[WakeAt(EffectId("w"), ASHA, 2.0, {"about": WORDS[0]})])
    entry_.session.profile["name"], entry_.trace[0]["said"] = WORDS[1], WORDS[2]
    await store.append_journal([entry_])
    await store.record([record("r", data={"text": WORDS[3]})])
    await store.add_reading(reading("m"))
    await store.add_reading(reading("n", raw=WORDS[4]))
    await store.save_deliveries([delivery("d", "sent", 1.0, gateway_id=GatewayId(WORDS[5]))])
    await store.documents.save(Document("case", "c", ASHA, 1.0, data={"note": WORDS[1], "phone": PHONE}))
    await store.audit.enter(Note(1.0, "staff", "looked", ASHA, WORDS[6]))
    await store.link(LID, PHONE)


async def test_the_engine_holds_ids_and_times_only(engine: tuple[Open, Raw]) -> None:
    opened, raw = engine
    async with opened(SEALS) as store:
        await live(store)
        found = raw()
        assert [word for word in WORDS if word.encode() in found] == []
        assert ASHA.encode() in found
        assert await store.phone_of(LID) == PHONE
        assert await store.audit.entries() != []


async def test_the_search_finds_what_is_not_sealed(engine: tuple[Open, Raw]) -> None:
    opened, raw = engine
    async with opened(UNSEALED) as store:
        await live(store)
        found = raw()
    missed = [word for word in WORDS if word.encode() not in found]
    assert missed == []


async def test_what_older_releases_stored_is_read_and_used_beside_what_is_sealed(engine: tuple[Open, Raw]) -> None:
    opened, _ = engine
    async with opened(UNSEALED) as store:
        await live(store)
    async with opened(SEALS) as store:
        await store.append_journal([entry(2)])
        await store.add_reading(reading("o", raw="sealed"))
        assert {one.id for one in await store.readings(ASHA, "glucose")} == {"m", "n", "o"}
        assert (await store.records(ASHA, "consent"))[0].data == {"text": WORDS[3]}
        assert (await store.turns(0.0, 10))[0].trace[0]["said"] == WORDS[2]
        assert await store.phone_of(LID) == PHONE
        await store.link(LID, "919800000078")
        assert await store.phone_of(LID) == "919800000078"
        found = await store.documents.get("case", "c")
        assert found is not None
        assert found.data["phone"] == PHONE
        kept = await store.delivery(EffectId("d"))
        assert kept is not None
        assert kept.gateway_id == WORDS[5]


async def resealed(store: Any) -> tuple[int, int]:
    steps = [step async for step in store.resealing.steps()]
    return sum(step.done for step in steps), sum(step.unreadable for step in steps)


async def test_what_is_stored_is_sealed_anew_and_that_may_be_repeated(engine: tuple[Open, Raw]) -> None:
    opened, raw = engine
    async with opened(UNSEALED) as store:
        await live(store)
        await store.append_journal([entry(number) for number in range(2, 300)])
    async with opened(SEALS) as store:
        before = await store.held(ASHA, 100), await store.turns(0.0, 1000), await store.open_wakes(10), await store.latest(ASHA)
        done, unreadable = await resealed(store)
        assert done > 300
        assert unreadable == 0
        assert await resealed(store) == (0, 0)
        found = raw()
        # The audit log is only ever added to. Its notes held no names and nobody's words before either.
        assert [word for word in WORDS if word.encode() in found] == [WORDS[6]]
        after = await store.held(ASHA, 100), await store.turns(0.0, 1000), await store.open_wakes(10), await store.latest(ASHA)
        assert after == before
        assert await store.phone_of(LID) == PHONE
        assert await store.hidden_numbers(person_of(f"phone:{PHONE}")) == [LID]
        assert (await store.delivery(EffectId("d"))).gateway_id == WORDS[5]


@pytest.fixture
async def file(tmp_path: Path) -> AsyncIterator[tuple[SqliteStore, sqlite3.Connection]]:
    async with SqliteStore.open(tmp_path / "record.db", seals=SEALS) as store:
        with closing(sqlite3.connect(tmp_path / "record.db", isolation_level=None)) as connection:
            yield store, connection


async def test_sealed_values_that_changed_places_are_told(file: tuple[SqliteStore, sqlite3.Connection]) -> None:
    store, connection = file
    await store.record([record("r1"), record("r2", RAVI)])
    await store.documents.save(Document("case", "c1", ASHA, 1.0, data={"a": 1}))
    await store.documents.save(Document("case", "c2", ASHA, 1.0, data={"a": 2}))
    await store.append_journal([entry(1), entry(2)])
    connection.execute("UPDATE records SET doc = (SELECT doc FROM records WHERE id = 'r2') WHERE id = 'r1'")
    connection.execute("UPDATE documents SET data = (SELECT data FROM documents WHERE id = 'c2') WHERE id = 'c1'")
    connection.execute("UPDATE journal SET session = (SELECT session FROM journal WHERE version = 1) WHERE version = 2")
    for look in (
        store.records(ASHA, "consent"),
        store.documents.get("case", "c1"),
        store.latest(ASHA),
        store.held(ASHA, 10),
    ):
        with pytest.raises(Tampered):
            await look
    assert len(await store.records(RAVI, "consent")) == 1, "others are read as before"


async def test_what_cannot_be_opened_is_left_and_told(file: tuple[SqliteStore, sqlite3.Connection]) -> None:
    store, connection = file
    await store.record([record("r1"), record("r2", RAVI)])
    (held,) = connection.execute("SELECT doc FROM records WHERE id = 'r1'").fetchone()
    damaged = held[:5] + bytes([held[5] ^ 1]) + held[6:]
    connection.execute("UPDATE records SET doc = ? WHERE id = 'r1'", (damaged,))
    assert await resealed(store) == (0, 1)
    assert connection.execute("SELECT doc FROM records WHERE id = 'r1'").fetchone() == (damaged,)


async def test_a_bit_that_changed_is_told(file: tuple[SqliteStore, sqlite3.Connection]) -> None:
    store, connection = file
    await store.append_journal([entry(1, input_id="i")])
    (held,) = connection.execute("SELECT trace FROM journal").fetchone()
    connection.execute("UPDATE journal SET trace = ?", (held[:-1] + bytes([held[-1] ^ 1]),))
    with pytest.raises(Tampered):
        await store.turns(0.0, 10)
    assert (await store.latest(ASHA)) is not None
    assert InputId("i") in (await store.latest(ASHA)).seen  # type: ignore[union-attr]  # asserted above
