"""The reader, loaded once: it keeps nothing of what it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.understanding.reader import Reader
from tests.reading import our_reader

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def reader() -> Reader:
    return our_reader()
