"""Our content with some words changed, as another version of it."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.dialogue.content import Content, load_content
from tests.dialogue.talk import ROOT, content


def edition(folder: Path, *changes: tuple[str, str, str], source: Path = ROOT / "dialogs") -> Content:
    """``changes``: file below dialogs/, what stands there once, what is to stand there instead. In English only."""
    dialogs = folder / "dialogs"
    shutil.copytree(source, dialogs, ignore=shutil.ignore_patterns("eval", "lexicon", "tests"))
    for name, old, new in changes:
        path = dialogs / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old, text.count(old))
        path.write_text(text.replace(old, new), encoding="utf-8")
    made = load_content(dialogs, ROOT / "locales", languages=["en"])
    assert made.version != content().version
    return made
