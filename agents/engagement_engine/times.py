"""Which clock times the words of a prescription mean: "morning and night, after food", "1-0-1", "8 am and 9", "TDS". Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

from config.engagement import Engagement, Part

MOST: Final = 6  # times a day; more is not a prescription but a misunderstanding
ORDER: Final[tuple[Part, ...]] = ("morning", "noon", "evening", "night")
_DASHED: Final = re.compile(r"(?<![\w-])(\d(?:[./]\d)?)-(\d(?:[./]\d)?)-(\d(?:[./]\d)?)(?:-(\d(?:[./]\d)?))?(?![\w-])")
_CLOCK: Final = re.compile(r"(?<![\d:])(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\b\.?|p\.?m\b\.?|baje|बजे)?", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_][\w\u0900-\u0dff]*")
_HALF_DAY: Final = 12


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
    spoken, joined = _WORD.findall(text), _joined(rules.joints)
    for clock in _CLOCK.finditer(text):
        at, end = _clock(clock), clock.end()
        while at is not None:
            found.add(at)
            more = joined.match(text, end)
            at, end = (_next_hour(int(more[1]), at, rules.apart), more.end()) if more else (None, end)
    said = {named for word in spoken if word != "am" and (named := _of_day(word, rules))}
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


def _of_day(word: str, rules: Engagement) -> str | None:
    """The hour of a word like "morning", or of the longest beginning that it has."""
    stems = (
        (len(one), part.clock)
        for part in rules.times_of_day.values()
        for one in part.words
        if word == one or (one.endswith("*") and word.startswith(one[:-1]))
    )
    return max(stems, default=(0, None))[1]


@cache
def _joined(joints: tuple[str, ...]) -> re.Pattern[str]:
    """ "and 6", "; 6" behind a time, where nothing is counted with the number."""
    words = "|".join(re.escape(one.casefold()) for one in joints)
    return re.compile(
        rf"(?:\s*[,;&+/]\s*|\s+(?:{words})\s+)(\d{{1,2}})(?=\s*(?:$|[,;&+/.!)]|(?:{words})(?:\s|$)))(?!\s*[,;&+/.:]\d)"
    )


def _next_hour(hour: int, before: str, apart: int) -> str | None:
    """An hour of which no half was said: the later one where the earlier is too near behind the time before it."""
    if not 0 < hour < 24:
        return None
    earlier, last = hour % _HALF_DAY if hour <= _HALF_DAY else hour, int(before[:2])
    later = earlier + _HALF_DAY if hour <= _HALF_DAY else earlier
    return f"{later if earlier < last + apart and later > last else earlier:02}:00"
