"""A person's own names in a text: in the script in which we know them, with what is hung on to them, and in any other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from bot.understanding.keys import drop_schwa, latin, roman_key, soft_key

SHORTEST: Final = 3  # letters of a name that is looked for
SURE: Final = 3  # sounds of a name that is also looked for in other scripts
_SPARSE: Final = re.compile(r"[\u0600-\u06ff\u0b80-\u0dff]")
"""Scripts that leave vowels out (Urdu's) or put some in between (the Dravidian ones: "Priya" is written "piriya")."""
_ALIKE: Final = (("e", "i"), ("o", "u"), ("ts", "ks"), ("tc", "ks"))  # Fatema and Fatima; Tamil writes "Latsumi" for Lakshmi
_APOSTROPHE: Final = "['\u2019]"
_DOUBLED: Final = re.compile(r"(.)\1+")
_NATIVE: Final = re.compile(r"[\u0600-\u06ff\u0900-\u0dff]")
_NATIVE_WORD: Final = re.compile(r"[\u0600-\u06ff\u0900-\u0dff\u200c\u200d]{2,}")
_LATIN_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_SILENT: Final = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d"
"""The sign that a consonant has no vowel: it goes when an ending is hung on ("குமார்", "குமாருக்கு")."""


class Names:
    """``given``: what we know the person by. Rather too much than too little: a longer word that begins like a name in its
    script goes, too, and in another script one that sounds like it with an ending."""

    def __init__(self, given: Iterable[str]) -> None:
        words = {
            word for name in given for word in re.split(r"[\s.]+", unicodedata.normalize("NFC", name)) if len(word) >= SHORTEST
        }
        ordered = sorted(words, key=lambda word: (-len(word), word))
        self._patterns = [_pattern(word) for word in ordered]
        self._native = [_Heard(word) for word in ordered]  # two native scripts may meet, too
        self._latin = [heard for word, heard in zip(ordered, self._native, strict=True) if _is_native(word)]

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """Where they stand; the longest first, so that a whole name goes before its parts."""
        for pattern in self._patterns:
            yield from (one.span() for one in pattern.finditer(text))
        for names, words in ((self._native, _NATIVE_WORD), (self._latin, _LATIN_WORD)):
            for one in words.finditer(text) if names else ():
                word = _Heard(one[0])
                if any(name.begins(word) for name in names):
                    yield one.span()


class _Heard:
    """How a word sounds, roughly: with its vowels, and its consonants alone."""

    def __init__(self, word: str) -> None:
        self._sparse = _SPARSE.search(word) is not None
        said = latin(word) if _is_native(word) else word.casefold()
        spoken = (said, drop_schwa(said))  # Hindi does not say each inherent vowel, Tamil does
        self._sounds = {roman_key(one) for one in spoken}
        self._rough = {_alike(one) for one in spoken}
        self._bones = _DOUBLED.sub(r"\1", "".join(letter for letter in soft_key(_alike(said)) if letter not in "aiu"))

    def begins(self, word: _Heard) -> bool:
        """The word is this name with nothing or an ending behind it. A name of few sounds must stand there with its vowels, and
        with a short ending, or half of a language would go with it; scripts that write few vowels, or add some, need less."""
        if any(_begins(name, whole, SURE) for name in self._sounds for whole in word._sounds):
            return True
        if any(_begins(name, whole, SURE + 1) for name in self._rough for whole in word._rough):
            return True  # not of three sounds: "Meena" would be like Hindi's "I" and "in"
        bones = len(self._bones)
        enough = bones >= (3 if word._sparse or self._sparse else 4)
        return enough and word._bones.startswith(self._bones) and len(word._bones) - bones <= 3


def _alike(said: str) -> str:
    sound = roman_key(said)
    for pair, one in _ALIKE:
        sound = sound.replace(pair, one)
    return sound


def _begins(name: str, word: str, least: int) -> bool:
    bare = name.rstrip("aeiou")
    stem = bare if len(bare) >= SURE else name
    return len(stem) >= least and word.startswith(stem) and len(word.rstrip("aeiou")) - len(stem) <= min(len(stem) - 1, 5)


def _pattern(word: str) -> re.Pattern[str]:
    if not _is_native(word):
        plain = f"{_APOSTROPHE}?".join(re.escape(part) for part in re.split(_APOSTROPHE, word) if part)
        ending = r"\w{0,3}" if len(word) >= 5 else ""
        return re.compile(rf"(?<!\w){plain}{ending}(?!\w)", re.IGNORECASE)
    edge = r"[\w\u0600-\u06ff\u0900-\u0dff\u200c\u200d]"
    return re.compile(rf"(?<!{edge}){re.escape(word.rstrip(_SILENT))}{edge}*")


def _is_native(word: str) -> bool:
    return _NATIVE.search(word) is not None
