"""The library through the real flows: questions in several scripts, topics, and a course over its days."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.sqlite import SqliteStore
from bot.model.effects import Outbound
from bot.notices.days import day_of
from bot.notices.person import heard_at
from tests.agents.library.asking import made
from tests.agents.library.shelf import SHELF
from tests.agents.town import Town

ASHA = "919800000001"
DAY = 86_400

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        yield Town(store, {"learning_library": made(store)})


@pytest.mark.parametrize(
    ("language", "question", "article"),
    [("en", "can I eat mango", "fruit"), ("hi", "क्या मैं आम खा सकता हूँ", "fruit"), ("hi", "aam kha sakte hain kya", "fruit")],
)
async def test_a_question_is_answered_with_its_source(town: Town, language: str, question: str, article: str) -> None:
    town.settle_in(ASHA, language=language)
    said = await town.write(ASHA, question)
    wording = SHELF.articles[article].wording(language)
    assert wording.title in said[0].text
    assert SHELF.articles[article].source in said[0].text
    assert "{numbers}" not in said[0].text


async def test_what_the_library_does_not_know_goes_to_the_care_team(town: Town) -> None:
    town.settle_in(ASHA)
    said = await town.write(ASHA, "what is the treatment of malaria")
    assert "do not want to guess" in said[0].text


async def test_a_dose_is_never_answered(town: Town) -> None:
    town.settle_in(ASHA)
    said = await town.write(ASHA, "how much insulin should I take")
    assert "only your care team can answer" in " ".join(one.text for one in said)


async def test_a_topic_is_browsed_read_and_rated(town: Town) -> None:
    person = town.settle_in(ASHA)
    await town.write(ASHA, "menu")
    await town.tap(ASHA, "page_two")
    await town.tap(ASHA, "learn")
    said = await town.tap(ASHA, "feet")
    assert [one.id.partition(":")[2] for one in said[-1].options] == ["feet", "foot_wound", "numbness", "other"]
    said = await town.tap(ASHA, "feet")
    assert "Daily foot care" in said[0].text
    said = await town.tap(ASHA, "more")
    assert "A wound on the foot" in said[0].text
    await town.tap(ASHA, "yes")
    [rated] = await town.store.records(person, "article_rated")
    assert rated.data == {"article": "foot_wound", "helped": True, "language": "en"}


async def test_a_course_brings_a_lesson_a_day_until_it_is_paused(town: Town) -> None:
    town.settle_in(ASHA)
    await town.write(ASHA, "my lessons")
    await town.tap(ASHA, "high_blood_pressure")
    said = await town.write(ASHA, "7 pm")
    assert "*High blood pressure* has 10 short lessons" in said[0].text
    heard = await town.pass_time(3 * DAY)
    lessons = [one for one in heard if "lesson" in (one.topic or "") and "of 10" in one.text]
    assert [f"High blood pressure, {n} of 10" in one.text for n, one in enumerate(lessons, 1)] == [True, True, True]
    assert {(one.kind, one.notice_class, one.topic) for one in lessons} == {("notice", "education", "learning_library.lesson")}
    await town.tap(ASHA, "pause")
    assert not [one for one in await town.pass_time(3 * DAY) if "of 10" in one.text]
    await town.write(ASHA, "my lessons")
    await town.tap(ASHA, "high_blood_pressure")
    said = await town.write(ASHA, "7 pm")
    assert "goes on where you were" in said[0].text
    assert "4 of 10" in " ".join(one.text for one in await town.pass_time(DAY))


def lessons(heard: list[Outbound]) -> list[str]:
    """The titles of the lessons of "newly diagnosed" that were said, with their places."""
    return [one.text.partition("\n*")[2].partition("*")[0] for one in heard if " of 14_" in one.text]


@pytest.mark.parametrize("full", [None, 2, 13], ids=["every_day", "full_third_day", "full_last_day"])
async def test_the_fourteen_days_of_who_is_newly_diagnosed_bring_every_lesson_in_order_one_a_day(
    town: Town, full: int | None
) -> None:
    person = town.settle_in(ASHA)
    await town.write(ASHA, "my lessons")
    await town.tap(ASHA, "newly_diagnosed")
    await town.write(ASHA, "9 am")
    heard = []
    for day in range(16):
        if day == full:  # five other notices have come by nine in the morning
            eight = town.now + 20 * 3600
            town.sessions[person].heard = [heard_at(eight, day_of(eight, "Asia/Kolkata"), "") for _ in range(5)]
        heard.append(lessons(await town.pass_time(DAY)))
    titles = [[SHELF.articles[one].wording("en").title] for one in SHELF.courses["newly_diagnosed"].lessons]
    assert len(titles) == 14
    without = titles if full is None else [*titles[:full], [], *titles[full:]]
    assert heard == [*without, *[[] for _ in range(16 - len(without))]]
