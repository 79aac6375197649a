"""What only MongoDB promises: durable writes, deadlines, our errors."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

import bson.errors
import pymongo.errors
import pytest
from pymongo import MongoClient

from bot.adapters.mongo import MongoStore
from bot.adapters.mongo.agent_documents import due_by
from bot.adapters.mongo.store import SAFE
from bot.adapters.mongo.trouble import RAISED, translated
from bot.errors import ConfigError, Malformed, StoreUnavailable
from bot.ports.documents import Document
from tests.servers.mongod import MongodServer
from tests.store.made import ASHA, RAVI, entry, reading, wake

services = pytest.mark.services


@services
async def test_opening_twice_at_once_and_again_is_harmless(mongodb_url: str, mongodb_database: str) -> None:
    async def use(version: int) -> None:
        async with MongoStore.open(mongodb_url, mongodb_database, timeout=20.0) as store:
            await store.append_journal([entry(version)])

    await asyncio.gather(*[use(version) for version in range(1, 5)])
    async with MongoStore.open(mongodb_url, mongodb_database, timeout=20.0) as store:
        snapshot = await store.latest(ASHA)
    assert snapshot is not None
    assert len(snapshot.seen) == 4


@services
async def test_readings_are_a_time_series_and_a_half_stored_one_is_completed(mongodb_url: str, mongodb_database: str) -> None:
    async with MongoStore.open(mongodb_url, mongodb_database, timeout=20.0) as store:
        with MongoClient[dict[str, Any]](mongodb_url) as admin:
            database = admin[mongodb_database]
            (made,) = [found for found in database.list_collections() if found["name"] == "readings"]
            assert made["type"] == "timeseries"
            database.reading_ids.insert_one({"_id": "r", "done": False})  # we stopped right after this
            assert await store.add_reading(reading("r")) is True
            assert await store.add_reading(reading("r")) is False
            database.reading_ids.update_one({"_id": "r"}, {"$set": {"done": False}})  # or right before the end
            await store.add_reading(reading("r"))
            assert database.readings.count_documents({}) == 2
        assert await store.readings(ASHA, "glucose") == [reading("r")]


@services
async def test_what_is_due_is_found_without_a_walk_through_all(mongodb_url: str, mongodb_database: str) -> None:
    """Among 200,000 reminders a claim that walks through all takes seconds."""
    async with MongoStore.open(mongodb_url, mongodb_database, timeout=20.0) as store:
        for number in range(200):
            await store.documents.save(Document("case", f"c{number:03}", ASHA, 1.0, due=1000 + number))
        assert [one.id for one in await store.documents.claim_due(["case"], 1001, 10, 30.0)] == ["c000", "c001"]
        with MongoClient[dict[str, Any]](mongodb_url) as admin:
            documents = admin[mongodb_database].documents
            spent = documents.find(due_by(["case"], 1010.0)).sort("due").limit(5).explain()["executionStats"]
    assert spent["nReturned"] == 5
    assert spent["totalDocsExamined"] <= 6


@services
async def test_a_value_that_fits_nowhere_is_malformed(mongodb_url: str, mongodb_database: str) -> None:
    async with MongoStore.open(mongodb_url, mongodb_database, timeout=20.0) as store:
        with pytest.raises(Malformed):
            await store.append_journal([entry(2**70)])
        with pytest.raises(Malformed):
            await store.add_reading(reading("r", at=1e18))


@services
async def test_a_database_of_a_newer_release_is_refused(mongodb_url: str, mongodb_database: str) -> None:
    with MongoClient[dict[str, Any]](mongodb_url) as admin:
        admin[mongodb_database].about.insert_one({"_id": "schema", "version": 99})
    with pytest.raises(ConfigError):
        async with MongoStore.open(mongodb_url, mongodb_database, timeout=20.0):
            pass


@services
async def test_a_dead_server_is_unavailable_in_time_and_a_new_start_is_noticed(new_mongod: Callable[[], MongodServer]) -> None:
    server = await asyncio.to_thread(new_mongod)
    async with MongoStore.open(server.url, "t", timeout=8.0) as store:
        await store.append_journal([entry(1)])
        await asyncio.to_thread(server.kill)
        async with asyncio.timeout(60.0):
            ends = await asyncio.gather(store.latest(ASHA), store.ping(), return_exceptions=True)
        assert [type(end) for end in ends] == [StoreUnavailable, StoreUnavailable]
        await asyncio.to_thread(server.start)
        async with asyncio.timeout(60.0):
            while True:
                try:
                    snapshot = await store.latest(ASHA)
                    break
                except StoreUnavailable:
                    continue
    assert snapshot is not None
    assert snapshot.session.version == 1


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    async with asyncio.timeout(60.0):
        with pytest.raises(StoreUnavailable):
            async with MongoStore.open("mongodb://127.0.0.1:9", "t", timeout=0.5):
                pass


@pytest.mark.parametrize("url", ["mongodb://", "http://x", "mongodb://secret@host:port/", ""])
async def test_an_address_that_cannot_be_read_is_a_matter_of_configuration(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        async with MongoStore.open(url, "t", timeout=0.5):
            pass
    assert "secret" not in str(refused.value)


def test_stored_means_on_the_disks_of_most_members() -> None:
    assert SAFE.document == {"w": "majority", "j": True}


def test_every_error_of_the_driver_is_translated() -> None:
    kinds = [
        kind
        for module in (pymongo.errors, bson.errors)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ == module.__name__
    ]
    assert len(kinds) > 25
    assert [kind for kind in kinds if not issubclass(kind, RAISED)] == []
    assert isinstance(translated(pymongo.errors.AutoReconnect("x")), StoreUnavailable)
    assert isinstance(translated(bson.errors.InvalidDocument("x")), Malformed)
    assert translated(pymongo.errors.OperationFailure("x", 50)).code == "mongo_50"


@services
async def test_a_damaged_row_stops_neither_due_work_nor_the_timers_of_others(mongodb_url: str, mongodb_database: str) -> None:
    async with MongoStore.open(mongodb_url, mongodb_database, timeout=20.0) as store:
        for name in ("a", "b", "c"):
            await store.documents.save(Document("case", name, ASHA, 1.0, due=1.0))
        for person in (ASHA, RAVI):
            await store.append_journal([entry(1, person, wakes=[wake(person, "1")])])
        with MongoClient[dict[str, Any]](mongodb_url) as admin:
            admin[mongodb_database].documents.update_one({"id": "b"}, {"$set": {"data": b"["}})
            admin[mongodb_database].heads.update_one({"_id": ASHA}, {"$set": {"wakes": b"["}})
        assert {one.id for one in await store.documents.claim_due(["case"], 2.0, 9, lease=30.0)} == {"a", "c"}
        assert [person for person, _ in await store.open_wakes(9)] == [RAVI]
