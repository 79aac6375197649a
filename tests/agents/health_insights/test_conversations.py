"""Readings told in the chat, summed up by the real agent through the real flows, in English and in Hindi."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.health_insights.agent import Pictures
from agents.registry import make_agents
from bot.adapters.sqlite import SqliteStore
from bot.model.effects import Outbound
from config.policy import load_policy
from tests.agents.health_insights.makers import Hand, Shelf
from tests.agents.health_insights.phrases import our_own
from tests.agents.town import Town

ASHA = "919800000001"
DAY = 86_400.0


async def after_some_days(town: Town, *values: int) -> None:
    """A reading each day, as people write it; questions that follow are left."""
    for value in values:
        await town.write(ASHA, f"sugar {value} fasting")
        await town.write(ASHA, "cancel")
        await town.pass_time(DAY)


@pytest.mark.parametrize(("language", "ask"), [("en", "show my sugar for last month"), ("hi", "पिछले महीने की शुगर दिखाओ")])
async def test_readings_of_the_chat_come_back_as_numbers_and_a_picture(tmp_path: Path, language: str, ask: str) -> None:
    shelf = Shelf()
    async with SqliteStore.open(tmp_path / "store.db") as store:
        town = Town(store, make_agents(store, load_policy(), pictures=Pictures(our_own(), Hand(), shelf)))
        person = town.settle_in(ASHA, language=language)
        await after_some_days(town, 110, 150, 124, 131)
        said = await reply(town, ask)
        assert said[0].media is not None
        assert shelf.files[said[0].media.ref][1:3] == ("image/png", person)
        assert "129 mg/dL" in said[0].text
        assert "150 mg/dL" in said[0].text
        assert "180 mg/dL" in said[0].text
        assert [one.name for one in town.intents if one.agent == "health_insights"] == ["summarize"]


async def reply(town: Town, ask: str) -> list[Outbound]:
    """What is said, after the period was asked where the words did not tell it."""
    said = await town.write(ASHA, ask)
    return await town.tap(ASHA, "month") if said and said[-1].options else said


async def test_a_page_for_the_doctor_is_sent_as_a_file(tmp_path: Path) -> None:
    shelf = Shelf()
    async with SqliteStore.open(tmp_path / "store.db") as store:
        town = Town(store, make_agents(store, load_policy(), pictures=Pictures(our_own(), Hand(), shelf)))
        town.settle_in(ASHA)
        await after_some_days(town, 110, 150, 124)
        await town.write(ASHA, "show my summary")
        await town.tap(ASHA, "page")
        (sent,) = await town.tap(ASHA, "week")
        assert sent.media is not None
        assert (sent.media.kind, sent.media.name) == ("document", "Readings.pdf")
        assert shelf.files[sent.media.ref][0].startswith(b"%PDF-")


async def test_without_pictures_the_numbers_are_said(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        town = Town(store, make_agents(store, load_policy()))
        town.settle_in(ASHA)
        await town.write(ASHA, "show my summary")
        await town.tap(ASHA, "glucose")
        (nothing,) = await town.tap(ASHA, "week")
        assert nothing.text.startswith("I have none of these")
        await after_some_days(town, 110, 150)
        await town.write(ASHA, "show my summary")
        await town.tap(ASHA, "glucose")
        (few,) = await town.tap(ASHA, "week")
        assert "only 2" in few.text
        await after_some_days(town, 130)
        await town.write(ASHA, "show my summary")
        await town.tap(ASHA, "glucose")
        said = await town.tap(ASHA, "week")
        assert said[0].media is None
        assert "130 mg/dL" in said[0].text
