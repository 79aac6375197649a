"""The option that a message names in other letters or with a slip: "paragadupuna" for "పరగడుపున", "khali pett", "fastin"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from bot.dialogue.flow import Choice
from bot.dialogue.folding import fold
from bot.understanding.keys import drop_schwa, latin, roman_key

Sounds = tuple[str, ...]
Starts = tuple[str, ...]
LEAST, LEAST_BROAD, LEAST_SLIPPED = 4, 5, 6  # sounds of a label known again by them, roughly, and with one of them wrong
_NUKTA = "\u093c\u09bc\u0a3c\u0abc\u0b3c"  # many leave it out
_PLAIN = str.maketrans({**dict.fromkeys(_NUKTA + "'’\u200c\u200d"), "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
# Bengali, Odia and Assamese say "o" for the vowel that is not written, Assamese "x" and "s" for other letters; Tamil and
# Malayalam write g as k. "u" stays "u": a Tamil "I want" would be "I do not".
_PAIRS = (("ks", "s"), ("tr", "r"), ("dr", "r"), ("ng", "n"), ("nk", "n"), ("oi", "e"), ("oy", "e"), ("ao", "o"))
_ROUGH = str.maketrans({**dict(zip("gdbjcoey", "ktpssaii", strict=True)), "h": None})
_TWICE = re.compile(r"(.)\1+")


class _Labels(Struct, frozen=True):
    """How the words of an option sound: joined, roughly, and word by word under their first letters."""

    whole: frozenset[str]
    rough: frozenset[str]
    by_starts: Mapping[Starts, Sequence[Sounds]]


def nearly(choices: Iterable[Choice], text: str, *, slips: bool = True) -> Choice | None:
    """The only option of which the message has the sound; else, with ``slips``, the only one from which it is one letter away.

    A slip is never the first letter of a word, nor one more or one less word: "not" and its like stand there. Numbers have none.
    Where another option is one letter away as it is written, nobody can tell which of the two was meant: none is chosen.
    """
    typed = _sound(text)
    told, every = "".join(typed), list(choices)
    if len(told) < LEAST:
        return None
    found = [one for one in every if told in _sounds_of(one.words).whole]
    if not found and slips and len(rough := _roughly(typed)) >= LEAST_BROAD:
        found = [one for one in every if rough in _sounds_of(one.words).rough]
    if not found and slips and len(told) >= LEAST_SLIPPED and not any(char.isdigit() for char in told):
        starts = tuple(word[0] for word in typed)
        found = [one for one in every if any(_slipped(label, typed) for label in _sounds_of(one.words).by_starts.get(starts, ()))]
    return found[0] if len(found) == 1 and not mistyped([one for one in every if one is not found[0]], text) else None


def mistyped(choices: Iterable[Choice], text: str) -> list[Choice]:
    """The options that the message may be with one wrong letter, as they are written: any letter, also the first, or a space."""
    typed = fold(text).replace(" ", "")

    def away(word: str) -> bool:
        plain = word.replace(" ", "")
        return abs(len(plain) - len(typed)) < 2 and one_letter(plain, typed)

    return [one for one in choices if any(map(away, one.words))]


@lru_cache(maxsize=4096)
def _sounds_of(words: frozenset[str]) -> _Labels:
    """Of the words of authors. What people typed is never kept."""
    labels = {_sound(word) for word in words}
    rough = {_roughly(_sound(word, whole=True)) for word in words if not word.isascii()}
    by_starts: dict[Starts, list[Sounds]] = {}
    for label in labels:
        by_starts.setdefault(tuple(word[0] for word in label), []).append(label)
    return _Labels(frozenset(map("".join, labels)), frozenset(map(_roughly, labels)) | rough, by_starts)


def _sound(text: str, *, whole: bool = False) -> Sounds:
    """The words as they sound, in Latin letters, without length, aspiration or doubling. ``whole``: with each unwritten vowel."""
    plain = unicodedata.normalize("NFKC", text.casefold()).translate(_PLAIN)
    words = "".join(
        str(unicodedata.decimal(char, char)) if unicodedata.category(char)[0] in "LMN" else " " for char in plain
    ).split()
    return tuple(sound for word in words if (sound := roman_key(_in_latin(word, whole=whole))))


def _in_latin(word: str, *, whole: bool) -> str:
    return word if word.isascii() else latin(word) if whole else drop_schwa(latin(word))


def _roughly(sounds: Sounds) -> str:
    """Joined, with one letter for those that writers of Latin letters choose between, and no "a" at the end of a word."""
    return "".join(map(_rough, sounds))


def _rough(sound: str) -> str:
    for pair, one in _PAIRS:
        sound = sound.replace(pair, one)
    sound = _TWICE.sub(r"\1", sound.translate(_ROUGH))
    return sound[:-1] if len(sound) > 2 and sound[-1] == "a" else sound


def _slipped(label: Sounds, typed: Sounds) -> bool:
    """One word of as many, with the same first letters, is one letter away."""
    other = [(ours, theirs) for ours, theirs in zip(label, typed, strict=True) if ours != theirs]
    return len(other) == 1 and len(other[0][0]) > 2 and one_letter(*other[0])


def one_letter(one: str, other: str) -> bool:
    """They are the same but for one letter at most: left out, added, another one, or changed with its neighbour."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    at = next((place for place, char in enumerate(short) if char != long[place]), len(short))
    if len(long) > len(short):
        return short[at:] == long[at + 1 :]
    changed, turned = short[at + 1 :] == long[at + 1 :], short[at : at + 2] == long[at : at + 2][::-1]
    return changed or (turned and short[at + 2 :] == long[at + 2 :])
