"""A question that has an article, and a model that may answer it out of that article."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agents.learning_library.agent import LearningLibrary
from agents.result import Result
from bot.adapters.sqlite import SqliteStore
from config.library import load_library_policy
from tests.agents.library.asking import asked
from tests.agents.library.shelf import LIBRARY
from tests.llm.made import Desk, Scripted

QUESTION = "how do I look after my feet"


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "record.db") as opened:
        yield opened


async def find(store: SqliteStore, model: Scripted | None, **data: Any) -> Result:
    library = LearningLibrary(store, LIBRARY, load_library_policy().courses, Desk(model).uses if model else None)
    given = {"question": QUESTION, "language": "en", "ai": True, **data}
    return await library.handle(asked("in:1#0", "find", **given), now=0.0)


async def sentence_of(store: SqliteStore) -> tuple[str, str]:
    """The article that answers the question, and a sentence of it."""
    facts = (await find(store, None)).facts
    return facts["article"], next(one for one in re.split(r"(?<=[.!?])\s+|\n", facts["text"]) if len(one) > 20)


async def test_an_answer_out_of_the_article_stands_beside_it(store: SqliteStore) -> None:
    article, sentence = await sentence_of(store)
    result = await find(store, Scripted({"answers": True, "text": sentence, "citations": [article]}))
    assert (result.outcome, result.facts["answer"], result.facts["article"]) == ("found", sentence, article)


@pytest.mark.parametrize(
    "says",
    [
        {"answers": True, "text": "Rub 5 ml of insulin on them.", "citations": ["ARTICLE"]},
        {"answers": True, "text": "Look at them.", "citations": ["made_up"]},
        {"answers": False, "text": "", "citations": []},
        {"bad": 1},
    ],
)
async def test_what_does_not_pass_leaves_the_article_alone(store: SqliteStore, says: dict[str, Any]) -> None:
    article, _ = await sentence_of(store)
    if says.get("citations") == ["ARTICLE"]:
        says = says | {"citations": [article]}
    result = await find(store, Scripted(says))
    assert (result.outcome, result.facts["article"]) == ("found", article)
    assert "answer" not in result.facts


@pytest.mark.parametrize("data", [{"ai": False}, {"ai": "yes"}, {"question": "zxqv blorp"}, {"question": None, "topic": "feet"}])
async def test_without_the_persons_yes_or_an_article_no_model_is_asked(store: SqliteStore, data: dict[str, Any]) -> None:
    model = Scripted({"bad": 1})
    await find(store, model, **data)
    assert model.calls == []
