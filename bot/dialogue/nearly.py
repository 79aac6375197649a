"""The option that a message names in other letters or with a slip: "paragadupuna" for "పరగడుపున", "khali pett", "fastin"."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from bot.dialogue.flow import Choice
from bot.dialogue.folding import fold
from bot.understanding.keys import drop_schwa, latin, roman_key

Sounds = tuple[str, ...]
Starts = tuple[str, ...]
LEAST, LEAST_SLIPPED = 4, 6  # sounds of a label that is known again by its sound, and with one of them wrong
_NUKTA = "\u093c\u09bc\u0a3c\u0abc\u0b3c"  # many leave it out
_PLAIN = str.maketrans({**dict.fromkeys(_NUKTA + "'’\u200c\u200d"), "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def nearly(choices: Iterable[Choice], text: str, *, slips: bool = True) -> Choice | None:
    """The only option of which the message has the sound; else, with ``slips``, the only one from which it is one letter away.

    A slip is never the first letter of a word, nor one more or one less word: "not" and its like stand there. Numbers have none.
    Where another option is one letter away as it is written, nobody can tell which of the two was meant: none is chosen.
    """
    typed = _sound(text)
    told, every = "".join(typed), list(choices)
    if len(told) < LEAST:
        return None
    found = [one for one in every if told in _sounds_of(one.words)[0]]
    if not found and slips and len(told) >= LEAST_SLIPPED and not any(char.isdigit() for char in told):
        starts = tuple(word[0] for word in typed)
        found = [one for one in every if any(_slipped(label, typed) for label in _sounds_of(one.words)[1].get(starts, ()))]
    return found[0] if len(found) == 1 and not mistyped([one for one in every if one is not found[0]], text) else None


def mistyped(choices: Iterable[Choice], text: str) -> list[Choice]:
    """The options that the message may be with one wrong letter, as they are written: any letter, also the first, or a space."""
    typed = fold(text).replace(" ", "")

    def away(word: str) -> bool:
        plain = word.replace(" ", "")
        return abs(len(plain) - len(typed)) < 2 and one_letter(plain, typed)

    return [one for one in choices if any(map(away, one.words))]


@lru_cache(maxsize=4096)
def _sounds_of(words: frozenset[str]) -> tuple[frozenset[str], Mapping[Starts, Sequence[Sounds]]]:
    """How the words of authors sound, joined, and word by word under their first letters. What people typed is never kept."""
    labels = {_sound(word) for word in words}
    by_starts: dict[Starts, list[Sounds]] = {}
    for label in labels:
        by_starts.setdefault(tuple(word[0] for word in label), []).append(label)
    return frozenset(map("".join, labels)), by_starts


def _sound(text: str) -> Sounds:
    """The words as they sound, in Latin letters, without length, aspiration or doubling."""
    plain = unicodedata.normalize("NFKC", text.casefold()).translate(_PLAIN)
    words = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in plain).split()
    return tuple(sound for word in words if (sound := roman_key(word if word.isascii() else drop_schwa(latin(word)))))


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
