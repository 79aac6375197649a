"""The reader, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.reader import Reader

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def reader() -> Reader:
    return Reader.load(ROOT / "dialogs" / "lexicon", ROOT / "config" / "readings.yaml")
