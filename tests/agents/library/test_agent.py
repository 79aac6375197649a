"""What the library answers, and that it never crashes nor counts a thing twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from agents.learning_library.agent import LearningLibrary
from agents.learning_library.search import Library
from bot.adapters.sqlite.store import SqliteStore
from bot.errors import Malformed
from config.library import load_library_policy
from tests.agents.library.asking import ASHA, asked, made
from tests.agents.library.shelf import SHELF

pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "store.db") as opened:
        yield opened


@pytest.fixture
def library(store: SqliteStore) -> LearningLibrary:
    return made(store)


async def test_an_answer_cites_its_article(library: LearningLibrary) -> None:
    result = await library.handle(asked("1", "find", question="aam kha sakte hain?", language="hi", numbers="112, 108"), now=0.0)
    fruit = SHELF.articles["fruit"]
    assert (result.outcome, result.facts["article"], result.facts["title"]) == ("found", "fruit", fruit.wording("hi").title)
    assert result.facts["source"] == fruit.source
    assert result.facts["reviewed"] is False


async def test_what_a_language_lacks_is_told_in_the_second_one_then_in_english_and_counted(store: SqliteStore) -> None:
    whole = SHELF.articles["fruit"]
    wordings = {language: one for language, one in whole.wordings.items() if language not in ("ta", "gu")}
    fruit = replace(whole, wordings=wordings)  # every language may have everything one day
    shelf = replace(SHELF, articles={"fruit": fruit, "bp": SHELF.articles["bp"]}, courses={})
    policy = load_library_policy()
    library = LearningLibrary(store, Library(shelf, policy.search), policy.courses)
    for second, said, lacks in (("hi", "hi", "ta"), ("gu", "en", "ta"), (None, "en", "ta")):
        wish = asked("1", "find", article="fruit", language="ta", second_language=second)
        result = await library.handle(wish, now=0.0)
        assert (result.facts["title"], result.facts["translated"]) == (fruit.wordings[said].title, False)
        assert result.untranslated == lacks
    assert (await library.handle(asked("1", "find", article="bp", language="ta"), now=0.0)).untranslated is None
    listed = await library.handle(asked("1", "topics", topic=fruit.topics[0], language="ta", second_language="hi"), now=0.0)
    assert fruit.wordings["hi"].title in [one["label"] for one in listed.facts["articles"]]


async def test_whom_to_call_is_the_readers_own_number(library: LearningLibrary) -> None:
    result = await library.handle(asked("1", "find", article="low_sugar", language="en", numbers="999"), now=0.0)
    assert "*Call 999*" in result.facts["text"]
    assert "{numbers}" not in result.facts["text"]


async def test_facts_fit_a_flows_variables(library: LearningLibrary) -> None:
    for article in SHELF.articles:
        for language in SHELF.articles[article].wordings:
            facts = (
                await library.handle(asked("1", "find", article=article, language=language, numbers="112 / 108"), now=0)
            ).facts
            assert all(len(value) <= 700 for value in facts.values() if isinstance(value, str))


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        ({"question": "who won the match"}, "unknown"), ({"question": "how much insulin should I take"}, "personal"),
        ({"topic": "feet"}, "found"), ({"topic": "no_such"}, "unknown"), ({"article": "gone"}, "unknown"),
        ({"question": None, "topic": "food"}, "found"), ({"question": "x" * 1999}, "unknown"),
    ],
)  # fmt: skip
async def test_find(library: LearningLibrary, data: dict[str, Any], outcome: str) -> None:
    assert (await library.handle(asked("1", "find", **data), now=0.0)).outcome == outcome


async def test_topics_list_what_is_mainly_about_them_first(library: LearningLibrary) -> None:
    result = await library.handle(asked("1", "topics", topic="pressure", language="en"), now=0.0)
    assert result.outcome == "listed"
    assert result.facts["articles"][0] == {"id": "bp", "label": "Blood pressure basics"}
    assert (await library.handle(asked("2", "topics", topic="magic"), now=0.0)).outcome == "unknown"


@pytest.mark.parametrize("topic", SHELF.topics)
async def test_every_topic_fits_a_list(library: LearningLibrary, topic: str) -> None:
    listed = (await library.handle(asked("1", "topics", topic=topic), now=0.0)).facts["articles"]
    assert 1 <= len(listed) <= 9
    assert all(1 <= len(one["label"]) <= 24 for one in listed)


async def test_more_never_comes_back_to_what_was_read(library: LearningLibrary) -> None:
    seen = ["low_sugar"]
    while True:
        result = await library.handle(asked("1", "more", article=seen[-1], seen=",".join(seen)), now=0.0)
        if result.outcome == "nothing":
            break
        assert result.facts["article"] not in seen
        seen.append(result.facts["article"])
    assert len(seen) > 2
    assert (await library.handle(asked("2", "more", article="gone"), now=0.0)).outcome == "nothing"


async def test_feedback_is_kept_once(library: LearningLibrary, store: SqliteStore) -> None:
    for _ in range(3):
        result = await library.handle(asked("1", "helpful", article="bp", helped=True, language="en"), now=0.0)
        assert result.outcome == "noted"
    [kept] = await store.records(ASHA, "article_rated")
    assert kept.data == {"article": "bp", "helped": True, "language": "en"}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("fly", {}), ("find", {}), ("find", {"question": 5}), ("find", {"question": "x" * 2001}), ("more", {}), ("topics", {}),
        ("helpful", {"article": "bp"}), ("helpful", {"article": "bp", "helped": "yes"}), ("enrol", {}),
        ("enrol", {"course": "x"}),
        ("enrol", {"course": "starting_insulin", "hour": "25:00"}), ("enrol", {"course": "starting_insulin", "zone": "Moon/Sea"}),
        ("enrol", {"course": "starting_insulin", "zone": "../../etc/passwd"}), ("find", {"question": "a", "language": ["en"]}),
        ("pause", {"language": 3}),
    ],
)  # fmt: skip
async def test_bad_data_is_refused(library: LearningLibrary, name: str, data: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        await library.handle(asked("1", name, **data), now=0.0)
