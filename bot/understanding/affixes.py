"""The stems and endings of a word that the lexicon knows ("word*" and "*word")."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

SIGNS: Final = ("", "=", "~")  # before the letters of a stem: native, Latin, a skeleton
TELLS: Final = 2  # first letters of a word that tell which lengths of stem are worth a look
ENDS: Final = 2  # last letters of a word that tell the same of endings


class Affixes:
    """Looks them up among ``known``, the elements of an index."""

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._stems = {sign: _stem_lengths(known, sign) for sign in SIGNS}
        self._endings = {sign: _ending_lengths(known, sign) for sign in SIGNS}

    def find(self, word: str, sign: str, whole: int, found: dict[str, int], least: int = 1) -> None:
        """Adds those of ``word`` to ``found``, with grades; ``whole`` is the grade of a stem that is the whole word."""
        known, size = self._known, len(word)
        stems = self._stems[sign]
        for cut in stems.get(word[:TELLS]) or stems.get(word[:1], ()):
            if least <= cut <= size and (element := f"{sign}{word[:cut]}*") in known:
                rest = size - cut
                found.setdefault(element, whole if rest == 0 or (rest <= 2 and cut >= 4) else 1)
        for length in self._endings[sign].get(word[-ENDS:], ()):
            if length <= size and (element := f"*{sign}{word[-length:]}") in known:
                found.setdefault(element, 1)


def _stem_lengths(elements: Iterable[str], sign: str) -> dict[str, tuple[int, ...]]:
    """Lengths of the stems that are known, the shortest first, by the first letters of a word that may have one."""
    stems = [
        element[len(sign) : -1]
        for element in elements
        if element[-1] == "*" and element[0] != "*" and (element[0] == sign if sign else element[0] not in "=~#%$")
    ]
    return _by_letters(((stem[:TELLS], len(stem)) for stem in stems), longest=False)


def _ending_lengths(elements: Iterable[str], sign: str) -> dict[str, tuple[int, ...]]:
    """Lengths of the endings that are known, the longest first, by the last letters of a word that may have one."""
    begin = len(sign) + 1
    endings = [element[begin:] for element in elements if element.startswith("*" + sign) and (sign or element[1] not in "=~")]
    return _by_letters(((ending[-ENDS:], len(ending)) for ending in endings if len(ending) > 1), longest=True)


def _by_letters(lengths: Iterable[tuple[str, int]], *, longest: bool) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for letters, length in lengths:
        found.setdefault(letters, set()).add(length)
    for letters, known in found.items():
        for fewer in range(1, len(letters)):
            known |= found.get(letters[:fewer], set())  # shorter stems than the letters that tell
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}  # few tables serve many letters
    tables = {letters: tuple(sorted(known, reverse=longest)) for letters, known in found.items()}
    return {letters: shared.setdefault(table, table) for letters, table in tables.items()}
