"""An author hears of every mistake with file, line, reason and remedy; our own content has none."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from agents.learning_library.shelf import read_shelf
from bot.handwritten.finding import Unreadable
from config.policy import load_policy
from tests.agents.library.evaluate import ROOT

MISTAKES = [
    ("library/fruit.md", "id: fruit", "id: fruits", "id", "fruit.md:2: the id is 'fruits'"),
    ("library/fruit.md", '"Fruit and mango"', '"All of fruit and mango trees"', "title", "fruit.md:3: the title has 28"),
    ("library/fruit.md", "topics: [food]", "topics: [foood]", "topic", "fruit.md:4: 'foood' is no other topic"),
    ("library/fruit.md", "about: [fruit, sugar]", "about: [fruit, quark]", "concept", "fruit.md:5: 'quark' is no other concept"),
    ("library/fruit.md", "about: [fruit, sugar]", "about: []", "empty", "fruit.md:5: 'about' names nothing"),
    ("library/fruit.md", "related: [drinks, plate, sweets]", "related: [fruit]", "article", "fruit.md:7: 'fruit' is no other"),
    ("library/fruit.md", "Indians 2024", "Indians", "source", "fruit.md:8: the source has no year"),
    ("library/fruit.md", "reviewer: null", "reviewer: Dr A. Name", "review", "fruit.md:9: a review is a name and a date"),
    ("library/fruit.md", "risk: clinical", "risk: mild", "risk", "fruit.md:12: the risk is 'mild'"),
    ("library/fruit.md", "risk: clinical\n", "", "key", "fruit.md:2: 'risk' is missing"),
    ("library/fruit.md", "risk: clinical", "risk: clinical\ncolour: red", "key", "fruit.md:13: 'colour' is no key"),
    ("library/fruit.md", "risk: clinical", "risk: clinical\nrisk: none", "yaml", "fruit.md:13: 'risk' stands here twice"),
    ("library/fruit.md", "risk: clinical", "risk: [clinical", "yaml", "fruit.md:13: "),
    ("library/fruit.md", "Whole fruit", "Whole {fruit}", "hole", "fruit.md:14: {fruit} is not filled in by anything"),
    ("library/fruit.md", "Whole fruit", "Whole fruit " + "and more " * 80, "text", "fruit.md:14: the text has"),
    ("library/fruit.md", "---\nid", "id", "front_matter", "fruit.md:1: there is no front matter"),
    ("library/low_sugar.md", "*Call {numbers}*", "*Call us*", "hole", "hi/low_sugar.md:"),
    ("library/library.yaml", "insulin/dose]", "insulin/doses]", "concept", "library.yaml:8: no language has words for 'doses'"),
    ("library/words/en.yaml", "language: en", "language: eng", "name", "words/en.yaml:3: the file is not named eng.yaml"),
    ("library/words/en.yaml", "cause: cause*, reason*", "cause: ''", "words", "words/en.yaml:9: 'cause' has no words"),
    ("courses/starting_insulin.yaml", "travel]", "travl]", "article", "courses/starting_insulin.yaml:21: 'travl' is no article"),
    ("courses/starting_insulin.yaml", "travel]", "meter]", "lessons", "courses/starting_insulin.yaml:21: lessons must be"),
    ("courses/starting_insulin.yaml", "course: starting_insulin", "course: begin", "id", "courses/starting_insulin.yaml:1: "),
    ("courses/starting_insulin.yaml", "en:", "fr:", "title", "courses/starting_insulin.yaml:2: there is no English title"),
]  # fmt: skip


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("content")
    for room in ("library", "courses"):
        shutil.copytree(ROOT / "dialogs" / room, folder / room)
    return folder


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "told"), MISTAKES, ids=[f"{one[3]}-{n}" for n, one in enumerate(MISTAKES)]
)
def test_a_mistake_is_told_with_its_place(content: Path, file: str, old: str, new: str, code: str, told: str) -> None:
    path = content / file
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8")
    try:
        with pytest.raises(Unreadable) as caught:
            read_shelf(content)
    finally:
        path.write_text(before, encoding="utf-8")
    lines = str(caught.value).splitlines()
    assert any(re.sub(r":\d+: ", ": ", line, count=1).startswith(told) and line.endswith(f"[{code}]") for line in lines), lines
    assert all(re.fullmatch(r"[\w/.-]+:\d+:\d+: .+; .+ \[\w+\]", line) for line in lines), lines


def test_all_mistakes_are_told_at_once(content: Path) -> None:
    path = content / "library" / "extra.md"
    path.write_bytes(b"\xff\xfe")
    other = content / "library" / "more.md"
    other.write_text("---\nid: more\n", encoding="utf-8")
    try:
        with pytest.raises(Unreadable) as caught:
            read_shelf(content)
    finally:
        path.unlink()
        other.unlink()
    assert {problem.file for problem in caught.value.findings} == {"extra.md", "more.md"}


def test_a_folder_without_a_library_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        read_shelf(tmp_path)


def test_our_own_library_reads() -> None:
    shelf = read_shelf(ROOT / "dialogs")
    assert len(shelf.articles) >= 44
    assert {one.language for one in shelf.words} == {code.partition("_")[0] for code in load_policy().behaviour.languages}
    assert not any(wording.reviewed for article in shelf.articles.values() for wording in article.wordings.values())
