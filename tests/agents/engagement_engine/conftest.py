from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agents.engagement_engine.agent import EngagementEngine
from bot.adapters.sqlite.store import SqliteStore
from config.engagement import load_engagement
from config.policy import load_policy


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def agent(store: SqliteStore) -> EngagementEngine:
    return EngagementEngine(store, load_policy(), load_engagement())
