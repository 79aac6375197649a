"""Files that become more than they are: no reader of what people write by hand falls for one. (Media, zip, PDF: tests/media.)"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from agents.learning_library.page import read_article, read_keys
from agents.lifestyle_coach.content import read_food
from agents.llm.prompts import read_prompt
from bot.handwritten.finding import Unreadable
from bot.handwritten.model import read_model
from bot.handwritten.source import read_source
from bot.understanding.language_file import read_language
from bot.understanding.rules import AlarmRule, load_rules
from config.library import LibraryPolicy

LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
ITSELF = "a: &a {b: *a}\n"
DEEP = "a: " + "[" * 2_000 + "\n"
PYTHON = "a: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [went_off]]\n"
READERS: dict[str, Callable[[Path], object]] = {
    "flow": lambda path: read_source(path, "x.yaml"),
    "food": lambda path: read_food(path.parent),
    "article": lambda path: read_article(path, "x.yaml"),
    "course": lambda path: read_keys(path, "x.yaml"),
    "prompt": read_prompt,
    "lexicon": read_language,
    "rules": lambda path: load_rules(path, AlarmRule),
    "config": lambda path: read_model(path, LibraryPolicy),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_yaml_bomb_goes_off(reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"laughs": LAUGHS, "itself": ITSELF, "deep": DEEP, "python": PYTHON}.items():
        path = tmp_path / f"{name}" / "words.yaml"
        path.parent.mkdir()
        path.write_text(f"---\n{text}---\nwords\n" if reader in ("article", "prompt") else text, encoding="utf-8")
        began, before = time.thread_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with suppress(Unreadable):  # in words for its author; nothing else may come out of it
            READERS[reader](path)
        assert time.thread_time() - began < 2.0, name
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 256 * 1024, name  # KiB
    assert not (tmp_path / "went_off").exists()
