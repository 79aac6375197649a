"""An insight in warmer words, where a step allows it, the person agreed, and the checker finds every number again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agents.health_insights.agent import HealthInsights
from agents.llm.failures import ModelFailed
from agents.llm.opinions import ModelOpinions
from bot.adapters.media import BlobMedia, FolderBlobs
from bot.adapters.sqlite import SqliteStore
from bot.app.engines import Engines
from bot.model.effects import Outbound
from bot.model.ids import EffectId
from bot.model.session import Channel, Session
from bot.ports.store import Reading
from config.insights import load_insights
from config.policy import load_policy
from config.settings import Settings
from tests.agents.town import NOON, made
from tests.llm.lookalike import says
from tests.llm.made import Desk, Scripted
from tests.llm.opened import opened
from tests.llm.town import AdvisedTown
from tests.runtime.conftest import engines, settings
from tests.runtime.parts import ASHA as WHO

__all__ = ["engines", "settings"]

ASHA = "919800000001"
VERSION = load_policy().behaviour.consent_version
PLAIN = "*What else these readings show*"
FIXED = "Please show this to your doctor before you change anything."
KIND = "Look, good news! The average is lower than in the 7 days before, by {by}. And {streak} days in a row, wonderful!"
"""The numbers are those of the readings below: each must be there. What has "mg" in it stays word for word, like a dose."""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "record.db") as opened_store:
        yield opened_store


async def look_back(store: SqliteStore, folder: Path, model: Scripted, **profile: Any) -> tuple[list[str], AdvisedTown]:
    """Two weeks of readings, the second lower, and their summary."""
    town = AdvisedTown(
        store,
        {"health_insights": HealthInsights(store, made()[1], load_insights())},
        ModelOpinions(Desk(model).uses, BlobMedia(FolderBlobs(folder / "media")), (), VERSION),
    )
    person = town.settle_in(ASHA, **profile)
    if profile.get("agreed") is False:
        town.sessions[person].consent["purposes"] = ["care_messages"]
    for day in range(14):
        for part in range(3):
            at = NOON - day * 86_400 - part * 4 * 3_600
            value = 130.0 if day < 7 else 160.0
            await store.add_reading(Reading(EffectId(f"r{day}.{part}"), person, "glucose", value, at))
    await town.write(ASHA, "show my summary")
    await town.tap(ASHA, "glucose")
    said = await town.tap(ASHA, "week")
    return [one.text for one in said], town


async def test_the_words_are_the_models_and_what_must_stay_stays(store: SqliteStore, tmp_path: Path) -> None:
    plain, _ = await look_back(store, tmp_path, Scripted({"text": "x"}), agreed=False)
    assert [PLAIN in text for text in plain].count(True) == 1
    words = KIND.format(by="30 mg/dL", streak=14)
    said, town = await look_back(store, tmp_path, Scripted({"text": words}))
    assert words in said
    assert PLAIN not in "\n".join(said)
    assert said[-1].endswith(FIXED), "the fixed sentences are no model's"
    assert not [one for one in town.said if one.kinder], "what goes out is final"


@pytest.mark.parametrize(
    "answer",
    [
        {"text": "Your average went down. Well done!"},  # a number was lost
        {"text": KIND.format(by="90 mg/dL", streak=14)},  # a number was made up
        {"text": KIND.format(by="30 mg/dL", streak=14) + " Take 4 units of insulin."},
        {"bad": 1},
        ModelFailed("down"),
    ],
)
async def test_what_does_not_pass_is_said_as_it_is_written(store: SqliteStore, tmp_path: Path, answer: Any) -> None:
    model = Scripted(answer)
    said, _ = await look_back(store, tmp_path, model)
    assert model.calls, "it was asked"
    assert PLAIN in "\n".join(said)
    assert said[-1].endswith(FIXED)


@pytest.mark.parametrize("profile", [{"agreed": False}, {"minor": True}])
async def test_no_model_is_asked_without_a_yes(store: SqliteStore, tmp_path: Path, profile: dict[str, Any]) -> None:
    model = Scripted({"text": "x"})
    await look_back(store, tmp_path, model, **profile)
    assert model.calls == []


@pytest.mark.parametrize("tasks", ["rephrase", "read_meal"])
async def test_with_a_provider_that_hangs_the_words_go_out_in_time(
    engines: Engines,
    settings: Settings,
    tmp_path: Path,
    tasks: str,
) -> None:
    session = Session(WHO, channel=Channel("main", "cloud", ASHA), profile={"language": "en"})
    session.consent = {"version": VERSION, "purposes": ["ai_processing"]}
    said = Outbound(EffectId("in:1#0"), WHO, "main", "cloud", ASHA, "reply", "You measured 9 days in a row.", 0.0, kinder=True)
    async with opened(engines, settings, tmp_path, llm_tasks=tasks) as (router, advice, _):
        router.always = says({"text": "Wonderful, 9 days in a row!"})
        expected = "Wonderful, 9 days in a row!" if tasks == "rephrase" else None
        assert await advice.opinions.kinder(session, said) == expected
        router.always = "hang"
        assert await advice.opinions.kinder(session, said) is None
        assert len(router.requests) == (2 if tasks == "rephrase" else 0), "a task that is off asks nobody"
