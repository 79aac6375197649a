"""What words mean, for commands that check content."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from bot.adapters.lexicon_copy import load_index
from bot.understanding.meaning import Meaning
from bot.understanding.reader import Reader
from config.policy import FOLDER
from config.settings import read_settings


def understanding() -> Callable[[str], Meaning]:
    """Our understanding, loaded when the first words are read: most content has none to be read."""
    return lambda text: _reader().understand(text)


@cache
def _reader() -> Reader:
    settings = read_settings()
    words = settings.dialogs_dir / "lexicon"
    return Reader.load(words, FOLDER / "readings.yaml", load_index(words, settings.data_dir / "cache"))
