from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace

from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.pace import KIND
from bot.adapters.sqlite.store import SqliteStore
from bot.errors import Malformed
from bot.model.ids import PersonId
from tests.agents.engagement_engine.asking import DAY, NINE, ask, asked


async def test_the_newest_wish_counts_in_any_order(agent: EngagementEngine, store: SqliteStore) -> None:
    wishes = [asked(f"w{n}", "set_pace", NINE + n, pace=pace) for n, pace in enumerate(["week", "usual", "medicines"])]
    for number, order in enumerate(itertools.permutations(wishes)):
        person = PersonId(f"p{number}")
        for intent in [*order, *order]:
            assert (await agent.handle(replace(intent, person=person), now=NINE + 9)).outcome == "done"
        found = await store.documents.get(KIND, person)
        assert found is not None
        assert (found.state, found.data["until"]) == ("medicines", 0.0)


async def test_a_pause_leaves_the_pace_for_afterwards(agent: EngagementEngine, store: SqliteStore) -> None:
    await ask(agent, "1", "set_pace", pace="fewer")
    await ask(agent, "2", "set_pace", NINE + 1, pace="week")
    [found] = await store.documents.listed(KIND)
    assert (found.state, found.data["until"]) == ("fewer", NINE + 1 + 7 * DAY)


@pytest.mark.parametrize("pace", [None, "never", 5])
async def test_bad_data_is_refused(agent: EngagementEngine, pace: object) -> None:
    with pytest.raises(Malformed):
        await ask(agent, "1", "set_pace", pace=pace)
