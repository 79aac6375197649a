"""A copy of the project that a test may change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.cli.reading import understanding
from tests.authoring.project import ROOT


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    understanding()("hello")  # loaded once for the process, and the copy has no words: it must not be the first
    for room in ("dialogs", "locales"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("eval", "lexicon", "tests"))
    monkeypatch.chdir(tmp_path)
    for name, value in (("DIALOGS", "dialogs"), ("LOCALES", "locales"), ("DATA", "data")):
        monkeypatch.setenv(f"PROCARE_{name}_DIR", value)
    return tmp_path
