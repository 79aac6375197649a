"""Names with what a language writes onto them for "and", "also" or "of": சுகர் and சுகரும், kidney and kidneyr."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.dialogue.folding import fold_label

LEAST = 3  # letters of a name that has endings of one letter; a shorter one only has longer: "bpyum", and "bpo" is something else
_SILENT = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d"  # no vowel follows
_NASAL = "\u0c02\u0c82\u0d02"  # an m at the end of Dravidian names, which gives way to an ending
_CHILLU = str.maketrans("\u0d7a\u0d7b\u0d7c\u0d7d\u0d7e", "\u0d23\u0d28\u0d31\u0d32\u0d33")


def with_endings(words: Iterable[str], endings: Iterable[str]) -> frozenset[str]:
    """Each word with each of the endings in its own letters; an ending joins what is left of the last letter."""
    by_letters: dict[str, list[str]] = {}
    for ending in filter(None, map(fold_label, endings)):
        by_letters.setdefault(_letters(ending[0]), []).append(ending)
    return frozenset(
        stem + ending
        for word in filter(None, words)
        for ending in by_letters.get(_letters(word[-1]), ())
        if len(word) + len(ending) > LEAST
        for stem in {word, _softened(word)}
    )


def _softened(word: str) -> str:
    return word[:-1] if word[-1] in _SILENT + _NASAL else word[:-1] + word[-1].translate(_CHILLU)


@lru_cache(maxsize=1024)
def _letters(char: str) -> str:
    """The script, roughly: the first word of a letter's name."""
    return unicodedata.name(char, "").partition(" ")[0]
