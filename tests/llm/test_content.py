"""Configuration, prompts and guard words: what an author or operator gets wrong is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.llm.config import load_llm_config
from agents.llm.guard import fold, load_guard
from agents.llm.prompts import load_prompts, read_prompt
from bot.errors import ConfigError
from config.settings import ROOT
from tests.llm.made import PROMPTS

HEAD = "---\ntask: rephrase\nversion: 2\nowner: content\nreview: draft\n---\n"


def test_what_is_shipped_loads() -> None:
    config = load_llm_config(ROOT / "config/llm.yaml")
    assert {name for name, task in config.tasks.items() if task.seconds != 2.0} == {"hear_voice", "look_at_picture"}
    assert set(load_prompts(PROMPTS)) == set(config.tasks)
    assert load_guard(PROMPTS / "guard.yaml").languages["hi"] == "Deva"


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("by: openrouter, models: [google/gemini-2.5-flash-lite", "by: nobody, models: [x", "no provider 'nobody'"),
        ("models: [google/gemini-2.5-flash-lite, openai/gpt-4.1-mini]", "models: []", "needs at least one model"),
        ("seconds: 2", "seconds: 0", "tasks.second_opinion.seconds"),
        ("read_meal:", "read_tea_leaves:", "read_tea_leaves"),
        ('url: "https://openrouter.ai/api/v1"', "only: []", "needs its url"),
        ("kind: openrouter, url", "kind: local, url", "needs its name"),
        ("tasks:", "tasks: [", "llm.yaml"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(tmp_path: Path, old: str, new: str, part: str) -> None:
    text = (ROOT / "config/llm.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "llm.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"llm\.yaml") as caught:
        load_llm_config(tmp_path / "llm.yaml")
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("no head", "rephrase.md:1:1: there is no front matter"),
        ("---\ntask: rephrase\n---\nwords", "rephrase.md:2:1: the head has no version"),
        (HEAD.replace("rephrase", "dance") + "words", "rephrase.md:2:1: there is no task 'dance'"),
        (HEAD, "rephrase.md:7:1: there are no words"),
        ("---\ntask: [\n---\nwords", "rephrase.md:3:1: the file cannot be parsed"),
    ],
)
def test_a_mistake_in_a_prompt_is_named(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "rephrase.md").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        read_prompt(tmp_path / "rephrase.md")
    assert part in str(caught.value)
    assert "; " in str(caught.value)


def test_the_mark_of_a_prompt_names_exactly_its_words(tmp_path: Path) -> None:
    path = tmp_path / "rephrase.md"
    marks = []
    for words in ("one", "two", "one"):
        path.write_text(HEAD + words, encoding="utf-8")
        marks.append(read_prompt(path).mark)
    assert marks[0] == marks[2] != marks[1]
    assert marks[0].startswith("rephrase@2:")


def test_a_task_without_a_prompt_or_with_two_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(HEAD + "words", encoding="utf-8")
    with pytest.raises(ConfigError, match="no prompt for grounded_answer"):
        load_prompts(tmp_path)
    (tmp_path / "b.md").write_text(HEAD + "words", encoding="utf-8")
    with pytest.raises(ConfigError, match="two prompts"):
        load_prompts(tmp_path)


def test_a_mistake_in_the_guard_is_named(tmp_path: Path) -> None:
    (tmp_path / "guard.yaml").write_text("version: 1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"guard\.yaml:1:1: owner: Field required; add it"):
        load_guard(tmp_path / "guard.yaml")


def test_words_are_compared_however_they_are_written() -> None:
    assert fold("Stop-Taking,  IT!") == " stop taking it "
    assert fold("i n s u l i n") == " insulin "
    assert fold("ｉｎｓｕｌｉｎ") == " insulin "
