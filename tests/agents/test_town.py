"""A low reading through the real flows and the real monitor: treated at once, checked again after a quarter of an hour."""

from __future__ import annotations

from pathlib import Path

from agents.registry import make_agents
from bot.adapters.sqlite import SqliteStore
from bot.model.ids import member_of
from config.policy import load_policy
from tests.agents.town import Town

ASHA = "919800000001"


async def test_a_low_reading_is_treated_and_checked_again(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        town = Town(store, make_agents(store, load_policy()))
        person = town.settle_in(ASHA)
        said = await town.write(ASHA, "sugar 64")
        assert "15" in said[0].text
        assert [(one.value, one.grade) for one in await store.readings(person, "glucose")] == [(64.0, "low")]
        later = await town.pass_time(1000)
        assert [one.kind for one in later] == ["emergency"]


async def test_two_people_of_one_phone_have_two_records(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        town = Town(store, make_agents(store, load_policy()))
        owner = town.settle_in(ASHA)
        await town.share_phone(ASHA, "Amma")
        said = await town.write(ASHA, "Amma sugar 140 fasting")
        assert said[-1].text.startswith("*Amma*")
        assert await store.readings(owner, "glucose") == []
        [kept] = await store.readings(member_of(owner, "1"), "glucose")
        assert kept.value == 140.0
        await town.write(ASHA, "Asha sugar 120 fasting")
        assert [one.value for one in await store.readings(owner, "glucose")] == [120.0]
