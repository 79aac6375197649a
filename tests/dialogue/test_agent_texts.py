"""Texts that an agent writes: in the language asked for, else in English, and refused with their place when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.agent_texts import load_agent_texts
from bot.handwritten.finding import Unreadable

FLOW = """flow: board
title: Words on a board
takes: {n: {}}
texts:
  title: "Days: {{ n }}"
  other: "Other"
"""
PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgctxt "board.title"
msgid "Days: {{ n }}"
msgstr "दिन: {{ n }}"
"""


def folders(tmp_path: Path, flow: str = FLOW) -> tuple[Path, Path]:
    (tmp_path / "dialogs/flows").mkdir(parents=True)
    (tmp_path / "locales/hi/LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "dialogs/flows/board.yaml").write_text(flow, encoding="utf-8")
    (tmp_path / "locales/hi/LC_MESSAGES/procare.po").write_text(PO, encoding="utf-8")
    return tmp_path / "dialogs", tmp_path / "locales"


def test_they_are_said_in_the_language_or_in_english(tmp_path: Path) -> None:
    texts = load_agent_texts(*folders(tmp_path), "board", ["title"], languages=("en", "hi", "ta"))
    assert [texts.say("title", language, n=7) for language in ("hi", "ta", "en")] == ["दिन: 7", "Days: 7", "Days: 7"]
    assert texts.say("other", "hi") == "Other"


def test_a_picture_is_in_one_language_which_is_counted_where_it_is_not_the_persons(tmp_path: Path) -> None:
    dialogs, locales = folders(tmp_path)
    missed: list[str] = []
    lacking = load_agent_texts(dialogs, locales, "board", ["title"], languages=("en", "hi", "ta"), missed=missed.append)
    assert [lacking.spoken(*wanted) for wanted in (("en",), ("hi",), ("hi", "ta"), ("ta", "hi"))] == ["en"] * 4
    assert missed == ["hi", "hi", "ta"]
    with (locales / "hi/LC_MESSAGES/procare.po").open("a", encoding="utf-8") as file:
        file.write('\nmsgctxt "board.other"\nmsgid "Other"\nmsgstr "और"\n')
    whole = load_agent_texts(dialogs, locales, "board", ["title"], languages=("en", "hi", "ta"), missed=missed.append)
    assert [whole.spoken(*wanted) for wanted in (("hi", "ta"), ("ta", "hi"), ("ta", "xx"))] == ["hi", "hi", "en"]
    assert missed == ["hi", "hi", "ta", "ta", "ta"]


@pytest.mark.parametrize(
    ("flow", "said"),
    [
        (FLOW.replace('title: "Days', 'titel: "Days'), "the text 'title' is missing"),
        (FLOW.replace("{{ n }}", "{{ n }"), "dialogs/flows/board.yaml:5"),
        (FLOW.replace("takes", "tekes"), "dialogs/flows/board.yaml:3"),
        ("flow: [", "dialogs/flows/board.yaml"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, flow: str, said: str) -> None:
    with pytest.raises(Unreadable) as error:
        load_agent_texts(*folders(tmp_path, flow), "board", ["title"], languages=("en", "hi"))
    assert said in str(error.value)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be read"):
        load_agent_texts(*folders(tmp_path), "pictures", [], languages=("en",))
