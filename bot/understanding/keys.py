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
_PAIRED: Final = re.compile(r"[hwzqxk]|ee|oo|ou|au|ai|ei|[ae]y")  # one of these is in every pair, and in "ay" and "ey"
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


_CONSONANT, _SIGN, _LETTER, _OTHER = range(4)


def _sounds() -> dict[str, tuple[int, str]]:
    """Every letter of the native scripts with its kind and its sound."""
    table: dict[str, tuple[int, str]] = {letter: (_OTHER, sound) for letter, sound in _ARABIC.items()}
    table |= {chr(code): (_OTHER, "") for code in range(0x0600, 0x0700) if chr(code) not in table}
    for code in range(0x0900, 0x0E00):
        offset = code & 0x7F
        if code in (0x09F0, 0x09F1, 0x0A5C):
            entry = (_CONSONANT, "v" if code == 0x09F1 else "r")
        elif offset in _CONSONANTS:
            entry = (_CONSONANT, _CONSONANTS[offset])
        elif offset in _VOWEL_SIGNS:
            entry = (_SIGN, _VOWEL_SIGNS[offset])
        elif offset == 0x4D:
            entry = (_SIGN, "")
        elif offset in _VOWEL_LETTERS:
            entry = (_LETTER, _VOWEL_LETTERS[offset])
        else:
            entry = (_LETTER, "n" if offset in (0x01, 0x02, 0x70) else "")
        table[chr(code)] = entry
    return table


_SOUNDS: Final = _sounds()


def roman_key(word: str) -> str:
    """Skeleton of a Romanised word: one letter for each sound, no aspirates, no doubled letters."""
    key = word
    if _PAIRED.search(key):
        for pair, one in _DIGRAPHS:
            if pair in key:
                key = key.replace(pair, one)
        if "y" in key:
            key = _AY.sub("e", key)
    return _DOUBLE.sub(r"\1", key) if _DOUBLE.search(key) else key


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


_ENGLISH: Final = (
    (re.compile(r"usion"), "ujan"), (re.compile(r"tion"), "san"),
    (re.compile(r"sci|sce"), "si"), (re.compile(r"c(?=[eiy])"), "s"), (re.compile(r"c(?!h)"), "k"),
    (re.compile(r"g(?=[eiy])"), "j"), (re.compile(r"tch"), "ch"), (re.compile(r"ph"), "f"),
)  # fmt: skip
_LENT: Final = str.maketrans({"f": "p", "w": "v", "h": None, "y": None, **dict.fromkeys("aeiou", None)})
LEAST_LENT: Final = 4  # consonants: with three, the name Anjana would meet "angina"


def loan_key(word: str, *, english: bool) -> str:
    """Under which an English word meets what Indian scripts make of it: "breathing" and "ब्रीदिंग". Empty when it is too short.

    Voiced and voiceless stay apart: else "protein" would meet "breathing", and the word for welcome "suffocate".
    Tamil, which writes both alike, has its loans in its own words."""
    if english:
        for letters, sound in _ENGLISH:
            word = letters.sub(sound, word)
    # Some write "breathing" with "th", some with "d"; "Britain" has neither.
    key = roman_key(word.replace("th", "d"))
    key = _DOUBLE.sub(r"\1", key.translate(_LENT))
    key = key[:-1] if key.endswith(("nk", "ng")) else key  # "-ing": some scripts write a dot for it
    return key if len(key) >= LEAST_LENT else ""


def latin(word: str, inherent: str = "a") -> str:
    """A native-script word in rough Latin letters. ``inherent``: the vowel a bare consonant carries (o in Bengali)."""
    parts: list[str] = []
    add = parts.append
    pending = False  # a consonant waits for its vowel
    for letter in word:
        kind, sound = _SOUNDS.get(letter, (_OTHER, letter))
        if kind == _CONSONANT:
            if pending:
                add(inherent)
            add(sound)
            pending = True
        elif kind == _SIGN:  # a vowel of the consonant before, or (empty) the sign that it has none
            add(sound)
            pending = False
        elif kind == _LETTER:
            if pending:
                add(inherent)
                pending = False
            add(sound)
        else:
            add(sound)
    if pending and _keeps_final(word):
        add(inherent)
    return "".join(parts)


def _keeps_final(word: str) -> bool:
    """Dravidian scripts say the last inherent vowel; the others drop it."""
    return 0x0B80 <= ord(word[-1]) <= 0x0DFF


_MEDIAL: Final = re.compile(r"(?<=[aeiou])([bcdfghjklmnprstvyz]+?)a(?=[bcdfghjklmnprstvyz]h?[aeiou])")


def drop_schwa(word: str) -> str:
    """Hindi-type words are typed without the unspoken a: dhadakana -> dhadkan."""
    return _MEDIAL.sub(r"\1", word)
