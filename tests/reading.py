"""Our own understanding, once a test process: from the compiled copy, as the service starts with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.adapters.lexicon_copy import load_index
from bot.understanding.reader import Reader
from config.policy import FOLDER

ROOT = Path(__file__).parents[1]


@cache
def our_reader() -> Reader:
    words = ROOT / "dialogs/lexicon"
    return Reader.load(words, FOLDER / "readings.yaml", load_index(words, ROOT / "data/cache"))
