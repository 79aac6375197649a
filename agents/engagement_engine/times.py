"""Which clock times the words of a prescription mean: "morning and night, after food", "1-0-1", "8 am", "TDS". Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from config.engagement import Engagement, Part

MOST: Final = 6  # times a day; more is not a prescription but a misunderstanding
ORDER: Final[tuple[Part, ...]] = ("morning", "noon", "evening", "night")
_DASHED: Final = re.compile(r"(?<![\w-])(\d(?:[./]\d)?)-(\d(?:[./]\d)?)-(\d(?:[./]\d)?)(?:-(\d(?:[./]\d)?))?(?![\w-])")
_CLOCK: Final = re.compile(r"(?<![\d:])(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\b\.?|p\.?m\b\.?|baje|बजे)?", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_][\w\u0900-\u0dff]*")


def clocks_of(words: str, rules: Engagement) -> tuple[str, ...]:
    """Clock times in their order; none where the words tell none."""
    text = "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in unicodedata.normalize("NFKC", words))
    text = text.casefold()
    found = set[str]()
    if dashed := _DASHED.search(text):
        counts = [one for one in dashed.groups() if one is not None]
        parts: tuple[Part, ...] = ORDER if len(counts) == 4 else ("morning", "noon", "night")
        found |= {rules.times_of_day[part].clock for part, count in zip(parts, counts, strict=True) if count != "0"}
        text = text.replace(dashed[0], " ")
    known = {word: one.clock for one in rules.times_of_day.values() for word in one.words}
    spoken = _WORD.findall(text)
    for clock in _CLOCK.finditer(text):
        if (at := _clock(clock)) is not None:
            found.add(at)
    said = {known[word] for word in spoken if word in known and word != "am"}
    for word in spoken:
        said |= {rules.times_of_day[part].clock for part in rules.shorthand.get(word, ())}
    # "8 in the morning" is one time: where a clock is said, the words beside it only say which half of the day.
    ordered = tuple(sorted(found or said))
    return ordered if len(ordered) <= MOST else ()


def _clock(found: re.Match[str]) -> str | None:
    """A number alone is a count of tablets, not a time."""
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if not (found[2] and ":" in found[0]) and half not in ("a", "p"):
        return None
    if half in ("a", "p"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None
