"""Names with what a language writes onto them for "and", "also" or "of": சுகர் and சுகரும், kidney and kidneyr."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from bot.dialogue.folding import fold_label

LEAST = 3  # letters of a name that has endings of one letter; a shorter one only has longer: "bpyum", and "bpo" is something else
_SILENT = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d"  # no vowel follows
_NASAL = "\u0c02\u0c82\u0d02"  # an m at the end of Dravidian names, which gives way to an ending
_CHILLU = str.maketrans("\u0d7a\u0d7b\u0d7c\u0d7d\u0d7e", "\u0d23\u0d28\u0d31\u0d32\u0d33")


def with_endings(words: Iterable[str], endings: Iterable[str]) -> frozenset[str]:
    """Each word with each of the endings in its own letters; an ending joins what is left of the last letter."""
    folded = [(fold_label(ending), _letters(ending)) for ending in endings]
    return frozenset(
        stem + ending
        for word in words
        for ending, letters in folded
        if letters == _letters(word[-1]) and len(word) + len(ending) > LEAST
        for stem in {word, _softened(word)}
    )


def _softened(word: str) -> str:
    return word[:-1] if word[-1] in _SILENT + _NASAL else word[:-1] + word[-1].translate(_CHILLU)


def _letters(text: str) -> str:
    """The script, roughly: the first word of the first letter's name."""
    return unicodedata.name(text[0], "").partition(" ")[0]
