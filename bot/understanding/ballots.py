"""What one word says of the language of its message: the more languages know it, the less it tells of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bot.understanding.languages import ENDINGS, EUROPEAN

MARKER: Final = "marker"  # the concept of small words that tell a language (is, my, and ...)
UNTOLD: Final = frozenset({"cond", "is_normal"})  # a short ending, a loan: other languages have them too
MARKER_VOTE: Final = 2.0
GRADES: Final = (0.15, 0.6, 1.0)  # vote of a guess, a skeleton or stem, an exact spelling
LOAN: Final = 0.15
BORROWED: Final = 0.6  # an English word that is no small word may stand in any Indian message
LEAST_ENDED: Final = 6  # letters of a word whose ending tells something
_ENDINGS: Final = "|".join(f"(?P<{code}>.*(?:{'|'.join(ends)})$)" for code, ends in ENDINGS.items())
_ENDED: Final = re.compile(_ENDINGS)

Said = tuple[str, str, int]  # what a word says: concept, language, grade


def points(says: Iterable[Said], markers: frozenset[str] | None = None) -> dict[str, float]:
    """The best that each language makes of a word. ``markers``: languages whose small words tell of them (None: all)."""
    found: dict[str, float] = {}
    for concept, language, grade in says:
        if concept in UNTOLD:
            continue
        worth = GRADES[grade]
        if concept == MARKER and (markers is None or language in markers):
            worth *= MARKER_VOTE
        if found.get(language, 0.0) < worth:
            found[language] = worth
    return found


def shares(points: dict[str, float]) -> list[tuple[str, float]]:
    """The votes of a word for each language. A word known to few languages counts more than one many share."""
    if not points:
        return []
    loan = points.get("en", 0.0) >= 1.0  # an English word: others borrowed it, so it tells little of them
    alike = sum(points.values()) / max(points.values())  # look-alikes of other languages take less of an exact spelling
    share = ((alike + len(points)) / 2) ** 0.7
    votes = []
    for language, worth in points.items():
        weak = loan and language not in EUROPEAN and worth < MARKER_VOTE
        if language == "en" and worth < MARKER_VOTE:
            worth *= BORROWED
        votes.append((language, worth / share * (LOAN if weak else 1.0)))
    return votes


def ending(word: str) -> str:
    """The language whose ending a word in Latin letters has, or nothing."""
    ended = _ENDED.match(word) if len(word) >= LEAST_ENDED else None
    return (ended.lastgroup or "") if ended else ""
