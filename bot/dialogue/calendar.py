"""Days and times of an answer, on the person's own clock. Day before month, as in India and most of the world."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from bot.dialogue.clocks import clock_of, in_part, plain
from bot.dialogue.heard import Heard
from bot.model.locales import babel_locale
from bot.understanding.moments import PARTS

DAY = 86_400
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?(?![\d])")
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NAMED = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th|\.)?\s*)?([^\W\d_][^\s\d,./-]*)\.?,?(?:\s*(\d{1,4}))?")
_PAIR = re.compile(
    r"(?<!\d)(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm)?[^\d]{1,12}?(\d{1,2})(?:[:.](\d{2}))?(?!\d)\s*(am|pm)?", re.IGNORECASE
)


def days(heard: Heard, in_the: str | None) -> list[str]:
    """Every day that the message names, as ``2026-11-23``, in its order; without those on the wrong side of today."""
    today = heard.here.date()
    found = [*_written(plain(heard.text), _months(heard.language, heard.months), today, in_the)]
    if not found:
        found = [(mention.get("start", 0), day) for mention in heard.meaning.times if (day := _day(mention, today, in_the))]
    ordered = [day for _, day in sorted(found)]
    return [day.isoformat() for day in dict.fromkeys(ordered) if _fits(day, today, in_the)]


def _fits(day: date, today: date, in_the: str | None) -> bool:
    return day >= today if in_the == "future" else day <= today if in_the == "past" else True


def _written(text: str, names: Mapping[str, int], today: date, in_the: str | None) -> Iterator[tuple[int, date]]:
    for found in _ISO.finditer(text):
        if day := _date(int(found[1]), int(found[2]), int(found[3])):
            yield found.start(), day
    text = _ISO.sub(lambda found: " " * len(found[0]), text)
    for found in _NUMERIC.finditer(text):
        if day := _with_year(int(found[1]), int(found[2]), found[3], today, in_the):
            yield found.start(), day
    at = 0
    while named := _NAMED.search(text, at):
        month = names.get(_name(named[2]))
        at = named.end() if month else named.end(2)  # "Friday, 25 December": the number is the month's
        number, year = (named[1], named[3]) if named[1] else (named[3], None)
        if month and number and len(number) <= 2 and (day := _with_year(int(number), month, year, today, in_the)):
            yield named.start(), day


def _with_year(day: int, month: int, year: str | None, today: date, in_the: str | None) -> date | None:
    """Without a year: the next such day of the future, the last of the past, else that of this year."""
    if year and len(year) in (2, 4):
        return _date(int(year) if len(year) == 4 else 2000 + int(year), month, day)
    found = _date(today.year, month, day)
    if found and not _fits(found, today, in_the):
        return _date(today.year + (1 if in_the == "future" else -1), month, day)
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


@cache
def _months(language: str, own: tuple[str, ...]) -> dict[str, int]:
    """Names of months, long and short, in English and the person's language, as we write them and as CLDR does."""
    names: dict[str, int] = {_name(name): place % 12 + 1 for place, name in enumerate(own)}
    for one in ("en", language):
        for width in ("wide", "abbreviated"):
            for number, name in babel_locale(one).months["format"][width].items():
                names.setdefault(_name(name), number)
    names["sept"] = 9
    return names


def _name(word: str) -> str:
    """Without what tells nothing apart: joiners, nuktas, marks of an abbreviation."""
    return "".join(char for char in unicodedata.normalize("NFD", word.casefold()) if char.isalpha() or _vowel(char))


def _vowel(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" and not unicodedata.name(char, "").endswith("SIGN NUKTA")


def _day(mention: dict[str, Any], today: date, in_the: str | None) -> date | None:
    """The day of one mention; "kal" is tomorrow or yesterday, as the question lies in the future or in the past."""
    if "seconds" in mention:
        if mention["seconds"] < DAY:
            return None
        days_ = round(mention["seconds"] / DAY)
        return today + timedelta(days=-days_ if mention["kind"] == "ago" else days_)
    if "weekday" in mention:
        ahead = (mention["weekday"] - today.weekday()) % 7
        if in_the == "past":
            return today - timedelta(days=(7 - ahead) % 7 or 7)
        return today + timedelta(days=ahead or 7)
    if "days" not in mention:
        return None
    offset = int(mention["days"])
    if mention.get("ask") and abs(offset) in (1, 2) and "hour" not in mention:
        if in_the is None:
            return None
        offset = -abs(offset) if in_the == "past" else abs(offset)
    elif in_the is not None and mention.get("ask"):
        offset = -abs(offset) if in_the == "past" else abs(offset)
    return today + timedelta(days=offset)


def spans(heard: Heard) -> list[tuple[int, int, bool]]:
    """Every time of day from - to, in minutes after midnight: "4 to 6 pm", two clock times, or a part of the day."""
    text = plain(heard.text)
    part = next((mention["part"] for mention in heard.meaning.times if "part" in mention), None)
    for pair in _PAIR.finditer(text):
        first, second = int(pair[1]), int(pair[4])
        if max(first, second) > 24 or max(int(pair[2] or 0), int(pair[5] or 0)) > 59:
            continue
        last = _half(pair[6])
        until = clock_of(second, int(pair[5] or 0), last, part)
        begin = clock_of(first, int(pair[2] or 0), _half(pair[3]), part)
        if last and not pair[3] and first <= 12:  # "4 to 6 pm" is in the afternoon, "11 to 1 pm" begins before noon
            same = clock_of(first, int(pair[2] or 0), last, part)
            begin = same if same[0] < until[0] else (first % 12 * 60 + int(pair[2] or 0), False)
        if part and begin[0] < until[0]:
            begin, until = in_part(begin, part), in_part(until, part)
        if begin[0] < until[0]:
            return [(begin[0], until[0], begin[1] and until[1])]
    if part:
        low, high = PARTS[f"t_{part}"]
        return [(low * 60, min(high, 24) * 60 - (1 if high > 23 else 0), False)]
    return []


def _half(text: str | None) -> str | None:
    return text[0] if text else None


def written(minutes: int) -> str:
    """``08:05``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
