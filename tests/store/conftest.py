"""One store of each kind; every test of this folder that asks for ``store`` runs on all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.memory import MemoryStore
from bot.adapters.mongo import MongoStore
from bot.adapters.sqlite import SqliteStore
from bot.ports.store import Store
from tests.sealed import SEALS


@pytest.fixture(params=["sqlite", "memory", pytest.param("mongo", marks=pytest.mark.services)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "sqlite":
        async with SqliteStore.open(tmp_path / "record.db", seals=SEALS) as sqlite:
            yield sqlite
    elif request.param == "memory":
        yield MemoryStore()
    else:
        url, database = request.getfixturevalue("mongodb_url"), request.getfixturevalue("mongodb_database")
        async with MongoStore.open(url, database, seals=SEALS, timeout=20.0) as mongo:
            yield mongo
