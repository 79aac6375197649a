"""A meal of which the coach's table knows no word, and a model that may read it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agents.registry import make_agents
from agents.result import Result
from bot.adapters.sqlite import SqliteStore
from bot.model.effects import Intent
from bot.model.ids import EffectId
from config.policy import load_policy
from config.settings import ROOT
from tests.agents.town import Town
from tests.llm.made import Desk, Scripted
from tests.runtime.parts import ASHA

NOW = 1_764_050_400.0
WORDS = "I ate 3 zindles for lunch"


def found(**more: Any) -> dict[str, Any]:
    return {"items": [{"food": "idli", "amount": 3, "words": "zindles"} | more]}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "record.db") as opened:
        yield opened


def agents_of(store: SqliteStore, model: Scripted | None) -> dict[str, Any]:
    return dict(make_agents(store, load_policy(), ROOT / "dialogs", meals=Desk(model).uses if model else None))


async def record(store: SqliteStore, model: Scripted | None, id_: str = "in:1#0", **data: Any) -> Result:
    coach = agents_of(store, model)["lifestyle_coach"]
    given = {"text": WORDS, "ai": True, "language": "en", **data}
    answer: Result = await coach.handle(Intent(EffectId(id_), ASHA, "lifestyle_coach", "record_meal", NOW, given), now=NOW)
    return answer


async def test_what_the_model_reads_is_kept_as_foods_of_our_own_table(store: SqliteStore) -> None:
    result = await record(store, model := Scripted(found()))
    assert (result.outcome, result.facts["foods"]) == ("recorded", "3 × idli")
    assert result.facts["carbs_low"] > 0
    again = await record(store, model)
    assert (again.outcome, again.facts) == (result.outcome, result.facts)
    assert len(model.calls) == 1
    assert len(await store.records(ASHA, "meal")) == 1


async def test_no_number_is_no_number(store: SqliteStore) -> None:
    result = await record(store, Scripted(found(amount=1)))
    assert (result.facts["foods"], result.facts["assumed"]) == ("idli", True)


@pytest.mark.parametrize("ai", [False, None, "false", "yes", 1])
async def test_without_the_persons_yes_no_model_is_asked(store: SqliteStore, ai: Any) -> None:
    model = Scripted(found())
    assert (await record(store, model, ai=ai)).outcome == "unclear"
    assert model.calls == []


async def test_what_the_table_knows_is_not_asked_about_and_what_was_denied_is_not_offered(store: SqliteStore) -> None:
    model = Scripted(found())
    assert (await record(store, model, text="2 idlis")).outcome == "recorded"
    assert model.calls == []
    await record(store, model, "in:2#0", text="no idli, 3 zindles")
    assert '"idli"' not in model.calls[0].user
    assert '"roti"' in model.calls[0].user


@pytest.mark.parametrize("says", [found(food="poison"), found(amount=9), found(words="idli"), {"items": []}, {"bad": 1}])
async def test_what_does_not_pass_is_asked_of_the_person(store: SqliteStore, says: Any) -> None:
    assert (await record(store, Scripted(says))).outcome == "unclear"
    assert (await record(store, None, "in:3#0")).outcome == "unclear"
    assert await store.records(ASHA, "meal") == []


async def test_the_flow_passes_the_yes_on_and_tells_what_was_read(store: SqliteStore) -> None:
    town = Town(store, agents_of(store, Scripted(found())))
    person = town.settle_in("919800000001")
    said = await town.write("919800000001", WORDS)
    assert any("3 × idli" in one.text for one in said)
    assert town.intents[-1].data["ai"] is True
    await town.write("919800000001", "menu")
    town.sessions[person].consent["purposes"] = ["care_messages"]
    await town.write("919800000001", WORDS)
    assert town.intents[-1].data["ai"] is False
