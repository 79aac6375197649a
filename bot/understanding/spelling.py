"""Words one slip of the finger away from a known one (bounded: a dictionary look-up for each dropped letter, nothing else)."""

from __future__ import annotations

from typing import Final
from zlib import crc32

MAX_LENGTH: Final = 16
SHORT_NUMBER: Final = 0x3FFFFFFF  # a number up to this one takes half the memory of the letters it stands for


def numbered(form: str) -> int:
    """The number a form is kept under. Two forms that share one cost a look at a word that is no slip, no wrong answer."""
    return crc32(form.encode()) & SHORT_NUMBER


def _drops(word: str) -> set[str]:
    return {word[:cut] + word[cut + 1 :] for cut in range(len(word))}


def one_slip(left: str, right: str) -> bool:
    """Whether one inserted, missing, wrong or swapped letter turns ``left`` into ``right``."""
    if left == right:
        return True
    if abs(len(left) - len(right)) > 1:
        return False
    at = 0
    while at < min(len(left), len(right)) and left[at] == right[at]:
        at += 1
    if len(left) == len(right):
        swapped = left[:at] + left[at + 1 : at + 2] + left[at : at + 1] + left[at + 2 :]
        return left[at + 1 :] == right[at + 1 :] or swapped == right
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[at + 1 :] == shorter[at:]


class SlipIndex:
    """Gathers words by themselves with one letter dropped. ``near``: a form's number to those of its words; one is kept bare, for
    most forms have only one."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.near: dict[int, int | tuple[int, ...]] = {}
        self._numbers: set[str] = set()

    def add(self, word: str) -> None:
        """Make ``word`` findable."""
        if word in self._numbers or len(word) > MAX_LENGTH:
            return
        number = len(self.words)
        self.words.append(word)
        self._numbers.add(word)
        near = self.near
        for form in {numbered(form) for form in (word, *_drops(word))}:
            there = near.get(form)
            if there is None:
                near[form] = number
            else:
                near[form] = (there, number) if isinstance(there, int) else (*there, number)


class Spelling:
    """Finds the known words that a word may be a slip of."""

    def __init__(self, words: list[str], near: dict[int, int | tuple[int, ...]]) -> None:
        self._words = words
        self._near = near

    def near(self, word: str) -> list[str]:
        """Known words one slip from ``word`` that begin or end as it does, in the order they were added."""
        if len(word) > MAX_LENGTH:
            return []
        found: dict[str, None] = {}
        words, get, first, last = self._words, self._near.get, word[0], word[-2:]
        forms = [word]
        forms += [word[:cut] + word[cut + 1 :] for cut in range(len(word))]
        for there in map(get, map(numbered, forms)):
            if there is None:
                continue
            for number in (there,) if isinstance(there, int) else there:
                candidate = words[number]
                if (candidate[0] == first or candidate[-2:] == last) and candidate not in found and one_slip(word, candidate):
                    found[candidate] = None
        return list(found)
