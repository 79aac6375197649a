"""Keys under which spellings of one word meet: skeletons, consonants alone, and native script in Latin letters."""

from __future__ import annotations

import re
from typing import Final

_DIGRAPHS: Final = (
    ("chh", "c"), ("tch", "c"), ("ch", "c"), ("sh", "s"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("kh", "k"), ("gh", "g"),
    ("jh", "j"),
    ("ph", "f"), ("zh", "l"), ("ck", "k"), ("w", "v"), ("z", "j"), ("q", "k"), ("x", "ks"), ("ee", "i"), ("oo", "u"), ("ou", "o"),
    ("au", "o"), ("ai", "e"), ("ei", "e"),
)  # fmt: skip
_AY: Final = re.compile(r"[ae]y(?![aeiou])")
_DOUBLE: Final = re.compile(r"(.)\1+")
_VOWELS: Final = str.maketrans("", "", "aeiouy")
_VOICED: Final = str.maketrans("gdbjs", "ktpcc")

# Offsets inside every Indic block (they share one layout).
_CONSONANTS: Final = dict(
    zip(
        range(0x15, 0x3A),
        [
            "k",
            "kh",
            "g",
            "gh",
            "n",
            "c",
            "ch",
            "j",
            "jh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "t",
            "th",
            "d",
            "dh",
            "n",
            "n",
            "p",
            "ph",
            "b",
            "bh",
            "m",
            "y",
            "r",
            "r",
            "l",
            "l",
            "zh",
            "v",
            "sh",
            "sh",
            "s",
            "h",
        ],
        strict=True,
    )
)
_VOWEL_LETTERS: Final = dict(
    zip(range(0x05, 0x15), ["a", "a", "i", "i", "u", "u", "ri", "l", "e", "e", "e", "ai", "o", "o", "o", "au"], strict=True)
)
_VOWEL_SIGNS: Final = dict(
    zip(range(0x3E, 0x4D), ["a", "i", "i", "u", "u", "ri", "r", "e", "e", "e", "ai", "o", "o", "o", "au"], strict=True)
)
_ARABIC: Final = dict(
    zip(
        "ابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہیےئءؤ",
        [
            "a",
            "b",
            "p",
            "t",
            "t",
            "s",
            "j",
            "c",
            "h",
            "kh",
            "d",
            "d",
            "z",
            "r",
            "r",
            "z",
            "z",
            "s",
            "sh",
            "s",
            "z",
            "t",
            "z",
            "a",
            "gh",
            "f",
            "k",
            "k",
            "g",
            "l",
            "m",
            "n",
            "n",
            "v",
            "h",
            "i",
            "e",
            "i",
            "a",
            "o",
        ],
        strict=True,
    )
)


def roman_key(word: str) -> str:
    """Skeleton of a Romanised word: one letter for each sound, no aspirates, no doubled letters."""
    key = word
    for pair, one in _DIGRAPHS:
        if pair in key:
            key = key.replace(pair, one)
    key = _AY.sub("e", key)
    return _DOUBLE.sub(r"\1", key)


def bare_key(word: str) -> str:
    """Consonants of a skeleton after its first letter; empty when fewer than three sounds remain to tell words apart."""
    key = word[:1] + word[1:].translate(_VOWELS)
    if key[:1] in "aeiou":
        key = "a" + key[1:]
    key = _DOUBLE.sub(r"\1", key)
    return key if len(key) >= 3 else ""


def soft_key(bare: str) -> str:
    """Bare key without voicing: Tamil and Malayalam writers use k/g, t/d, p/b, ch/s/j for one letter."""
    return bare.translate(_VOICED)


def latin(word: str, inherent: str = "a") -> str:
    """A native-script word in rough Latin letters. ``inherent``: the vowel a bare consonant carries (o in Bengali)."""
    parts: list[str] = []
    pending = False  # a consonant waits for its vowel
    for letter in word:
        code = ord(letter)
        if 0x0600 <= code <= 0x06FF:
            parts.append(_ARABIC.get(letter, ""))
            continue
        if not 0x0900 <= code <= 0x0DFF:
            parts.append(letter)
            continue
        offset = code & 0x7F
        if code in (0x09F0, 0x09F1):
            sound = "r" if code == 0x09F0 else "v"
        elif code == 0x0A5C:
            sound = "r"
        else:
            sound = _CONSONANTS.get(offset, "")
        if sound:
            if pending:
                parts.append(inherent)
            parts.append(sound)
            pending = True
        elif offset in _VOWEL_SIGNS:
            parts.append(_VOWEL_SIGNS[offset])
            pending = False
        elif offset == 0x4D:
            pending = False
        else:
            if pending:
                parts.append(inherent)
                pending = False
            if offset in _VOWEL_LETTERS:
                parts.append(_VOWEL_LETTERS[offset])
            elif offset in (0x01, 0x02, 0x70):
                parts.append("n")
    if pending and _keeps_final(word):
        parts.append(inherent)
    return "".join(parts)


def _keeps_final(word: str) -> bool:
    """Dravidian scripts say the last inherent vowel; the others drop it."""
    return 0x0B80 <= ord(word[-1]) <= 0x0DFF


_MEDIAL: Final = re.compile(r"(?<=[aeiou])([bcdfghjklmnprstvyz]+?)a(?=[bcdfghjklmnprstvyz]h?[aeiou])")


def drop_schwa(word: str) -> str:
    """Hindi-type words are typed without the unspoken a: dhadakana -> dhadkan."""
    return _MEDIAL.sub(r"\1", word)
