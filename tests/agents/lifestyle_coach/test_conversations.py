"""Golden conversations: the real flows with the real coach and the real monitor."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from agents.registry import make_agents
from bot.adapters.sqlite import SqliteStore
from bot.model.effects import Outbound
from config.policy import load_policy
from tests.agents.town import ROOT, Town

ASHA = "919800000001"
HOUR = 3600.0


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        yield Town(store, make_agents(store, load_policy(), ROOT / "dialogs"))


def words(said: Sequence[Outbound]) -> str:
    return "\n".join(one.text for one in said)


async def test_a_meal_is_estimated_and_joined_with_the_sugar_two_hours_later(town: Town) -> None:
    town.settle_in(ASHA)
    said = words(await town.write(ASHA, "I ate 2 rotis, dal and 1 katori rice"))
    assert "I read: 2 × roti, dal and rice (1 katori)." in said
    said = words(await town.tap(ASHA, "usual"))
    assert "My estimate: about" in said
    assert "g of carbohydrate" in said
    await town.tap(ASHA, "yes")
    said = words(await town.pass_time(2 * HOUR))
    assert "What is your sugar now?" in said
    said = words(await town.write(ASHA, "150"))
    assert "about 120 minutes after: 2 × roti, dal and rice (1 katori)." in said
    assert "150 mg/dL" in said
    said = words(await town.write(ASHA, "my meals"))
    assert "• 2 × roti, dal, rice (1 katori): 150 mg/dL" in said


async def test_a_meal_in_hindi_is_answered_in_hindi_with_the_foods_in_hindi(town: Town) -> None:
    town.settle_in(ASHA, language="hi")
    said = words(await town.write(ASHA, "मैंने 2 रोटी, एक कटोरी दाल और 1 कटोरी चावल खाया"))
    assert "लिख लिया: 2 × रोटी, दाल (1 कटोरी) और चावल (1 कटोरी)। मेरा अंदाज़ा: लगभग" in said


async def test_an_idea_is_offered_once_and_not_with_the_next_meal(town: Town) -> None:
    town.settle_in(ASHA)
    assert "boiled chana instead of samosa" in words(await town.write(ASHA, "I ate 2 samosas"))
    await town.tap(ASHA, "no")
    await town.pass_time(3 * HOUR)
    assert "instead of" not in words(await town.write(ASHA, "I ate 2 samosas"))


async def test_a_fast_with_insulin_is_for_the_care_team(town: Town) -> None:
    town.settle_in(ASHA)
    assert "Do you use insulin?" in words(await town.write(ASHA, "I ate sabudana khichdi in my vrat"))
    said = words(await town.tap(ASHA, "yes"))
    assert "please ask your care team" in said
    assert "do not work out insulin" in said
    assert "instead of" not in said


async def test_what_is_no_food_is_asked_for_once_and_then_kept_in_words(town: Town) -> None:
    person = town.settle_in(ASHA)
    assert "I did not find a food" in words(await town.write(ASHA, "I ate lunch"))
    assert "Noted: zorblax." in words(await town.write(ASHA, "zorblax"))
    assert [one.data["text"] for one in await town.store.records(person, "meal")] == ["zorblax"]


async def test_walks_count_towards_the_week_until_the_goal(town: Town) -> None:
    town.settle_in(ASHA)
    assert "This week: 60 of 150 minutes" in words(await town.write(ASHA, "I walked for 60 minutes"))
    await town.pass_time(HOUR)
    assert "reached your goal for the week" in words(await town.write(ASHA, "I walked for 95 minutes"))


async def test_in_illness_a_walk_is_no_achievement(town: Town) -> None:
    town.settle_in(ASHA)
    await town.write(ASHA, "special day")
    await town.tap(ASHA, "ill")
    assert "call your care team today" in words(await town.tap(ASHA, "unsure"))
    await town.tap(ASHA, "no")
    assert "rest comes first" in words(await town.write(ASHA, "I walked for 30 minutes"))


async def test_what_the_owner_of_the_phone_takes_says_nothing_of_another_person(town: Town) -> None:
    owner = town.settle_in(ASHA)
    await town.write(ASHA, "special day")
    await town.tap(ASHA, "fasting")
    await town.tap(ASHA, "today")
    assert "Drink water whenever your fast allows it" in words(await town.tap(ASHA, "no"))
    for answer in ("people on this phone", "yes", "Amma", "yes", "skip", "skip"):
        await town.write(ASHA, answer)
    await town.pass_time(HOUR)
    await town.write(ASHA, "special day")
    await town.tap(ASHA, "1")
    await town.tap(ASHA, "fasting")
    assert "Do you use insulin?" in words(await town.tap(ASHA, "today"))
    assert "a plan from your care team" in words(await town.tap(ASHA, "yes"))
    people = {intent.subject or intent.person for intent in town.intents}
    answers = {one: [record.data["answer"] for record in await town.store.records(one, "risk_medicine")] for one in people}
    assert answers.pop(owner) == ["no"]
    assert list(answers.values()) == [["yes"]]


async def test_a_goal_that_was_set_counts_for_the_next_walk(town: Town) -> None:
    town.settle_in(ASHA)
    await town.write(ASHA, "activity goal")
    await town.tap(ASHA, "minutes")
    assert "200 minutes a week" in words(await town.write(ASHA, "200"))
    assert "30 of 200 minutes" in words(await town.write(ASHA, "I walked for 30 minutes"))
