"""A person's own names in a text: in the script in which we know them, with what is hung on to them, and in any other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from bot.understanding.keys import drop_schwa, latin, roman_key

SHORTEST: Final = 3  # letters of a name that is looked for
SURE: Final = 3  # sounds of a name that is also looked for in other scripts
_NATIVE: Final = re.compile(r"[\u0600-\u06ff\u0900-\u0dff]")
_NATIVE_WORD: Final = re.compile(r"[\u0600-\u06ff\u0900-\u0dff\u200c\u200d]{2,}")
_LATIN_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_SILENT: Final = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d"
"""The sign that a consonant has no vowel: it goes when an ending is hung on ("குமார்", "குமாருக்கு")."""


class Names:
    """``given``: what we know the person by. Rather too much than too little: a longer word that begins like a name in its
    script goes, too."""

    def __init__(self, given: Iterable[str]) -> None:
        words = {
            word for name in given for word in re.split(r"[\s.]+", unicodedata.normalize("NFC", name)) if len(word) >= SHORTEST
        }
        ordered = sorted(words, key=lambda word: (-len(word), word))
        self._patterns = [_pattern(word) for word in ordered]
        self._sounds = {script: {key for word in ordered if _is_native(word) is not script and (key := _sound(word))}
                        for script in (True, False)}  # fmt: skip

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """Where they stand; the longest first, so that a whole name goes before its parts."""
        for pattern in self._patterns:
            yield from (one.span() for one in pattern.finditer(text))
        for native, words in ((True, _NATIVE_WORD), (False, _LATIN_WORD)):
            if wanted := self._sounds[native]:
                yield from (one.span() for one in words.finditer(text) if _sound(one[0]) in wanted)


def _pattern(word: str) -> re.Pattern[str]:
    if not _is_native(word):
        return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE)
    edge = r"[\w\u0600-\u06ff\u0900-\u0dff\u200c\u200d]"
    return re.compile(rf"(?<!{edge}){re.escape(word.rstrip(_SILENT))}{edge}*")


def _is_native(word: str) -> bool:
    return _NATIVE.search(word) is not None


def _sound(word: str) -> str:
    """How it sounds, roughly; empty for what is too short to be told from other words."""
    key = roman_key(drop_schwa(latin(word)) if _is_native(word) else word.casefold())
    return key.rstrip("aeiou") if len(key) >= SURE else ""
