"""Clock times of an answer: those that the reader found, and the plain numbers beside them ("7 am and 6", "subah 7 aur shaam 6").

A number is an hour only where a time was asked, and only when it hangs on another time by no more than "and" or a comma, or when
the answer is nothing but days, parts of the day and hours: "8 am and 10 units" is one time.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from msgspec import Struct

from bot.dialogue.heard import Heard
from bot.model.locales import babel_locale
from bot.understanding.moments import PARTS

DAY: Final = 86_400
MIDNIGHT: Final = 1440
_HALF = re.compile(r"(?<![^\W\d_])([ap])\.?m\b", re.IGNORECASE)
_PIECES = re.compile(
    r"(?P<mark>[\ue000-\ue0ff])|(?P<half>(?:[ap]\.?m\b\.?|baje\b|बजे|o'?clock\b|(?<=\d)h\b))"
    r"|(?P<hour>(?<![\d.:/-])\d{1,2}(?:\s?[:.h]\s?\d{2})?(?![\d:%]))|(?P<joint>[,;&+/])"
    r"|(?P<word>[^\W\d_][^\s\d,;:&+/.!?-]*)|(?P<other>[-*#₹$€%°–]|\d+)",
    re.IGNORECASE,
)
_FIRST = 0xE000  # letters that nobody types stand for what the reader has found
_MOST = 40  # pieces that are looked at
_BEFORE, _BEHIND = (
    (1, 5),
    (2, 3),
)  # so many words of so many letters between part of the day and hour: "shaam ko 6", "6 in the evening"
_NOTHING_ELSE = frozenset({"clock", "hour", "half", "part", "day", "joint", "and"})
_JOINTS = frozenset({"joint", "and"})

Clock = tuple[int, bool]  # minutes after midnight, and whether it could also be twelve hours later


class _Piece(Struct):
    """One word, number or mark of an answer, or what the reader has made of several: a ``clock``, a ``part`` of the day, or a
    ``day`` with its number in the month."""

    kind: str
    text: str = ""
    clock: Clock | None = None


def plain(text: str) -> str:
    """Digits of every script as 0-9."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in unicodedata.normalize("NFKC", text))


def clocks(heard: Heard) -> list[Clock]:
    """Every clock time of the answer, in its order."""
    pieces = _pieces(heard)
    alone = all(piece.kind in _NOTHING_ELSE for piece in pieces)
    found: list[Clock] = []
    hangs = False  # the last thing before, leaving out what joins, is a time
    for place, piece in enumerate(pieces):
        if piece.kind == "hour":
            before = pieces[place - 1] if place else None
            part = _part_beside(pieces, place)
            joined = hangs and before is not None and before.kind in _JOINTS and _ends(pieces, place)
            of_the_month = before is not None and before.kind == "day" and before.text == piece.text
            clock = None if of_the_month else _hour(piece.text, _half(pieces, place), part)
            hangs = clock is not None and (alone or joined or part is not None)
            found += [clock] if clock and hangs else []
        elif piece.clock:
            found.append(piece.clock)
            hangs = True
        elif piece.kind in ("word", "other", "day"):
            hangs = False
    return found


def clock_of(hour: int, minute: int, half: str | None, part: str | None) -> Clock:
    """``half``: a.m. or p.m., as far as it was said; a part of the day says it, too."""
    if half and hour <= 12:
        hour = hour % 12 + (12 if half.casefold() == "p" else 0)
    return hour % 24 * 60 + minute, half is None and part is None and 1 <= hour <= 12


def in_part(clock: Clock, part: str) -> Clock:
    """The one of both halves of the day that lies in a part of it; as it is where neither does."""
    low, high = PARTS[f"t_{part}"]
    later = clock[0] + 720
    return (later, False) if not low * 60 <= clock[0] <= high * 60 and low * 60 <= later <= high * 60 else (clock[0], False)


def _pieces(heard: Heard) -> list[_Piece]:
    text, held = heard.text, dict[str, _Piece]()
    numbered = list(enumerate(heard.meaning.times))
    for number, mention in sorted(numbered, key=lambda one: -one[1].get("start", 0)):
        start, end = mention.get("start", 0), mention.get("end", 0)
        mark = chr(_FIRST + number)
        held[mark] = _found(mention, heard, heard.text[start : end + 5])
        text = f"{text[:start]} {mark} {text[end:]}"
    ands, found = _ands(heard.language), list[_Piece]()
    for one in _PIECES.finditer(plain(text)):
        kind, word = one.lastgroup or "other", one[0]
        if kind == "mark":
            found.append(held.get(word, _Piece("other", word)))
        else:
            found.append(_Piece("and" if kind == "word" and word.casefold() in ands else kind, word.casefold()))
    return found[:_MOST]


def _found(mention: dict[str, Any], heard: Heard, words: str) -> _Piece:
    if "hour" in mention:
        half = _HALF.search(words)
        return _Piece("clock", clock=clock_of(mention["hour"], mention.get("minute", 0), half and half[1], mention.get("part")))
    if "seconds" in mention and mention["seconds"] < DAY and "at" in mention:
        moment = heard.here + timedelta(seconds=mention["at"] - heard.at)
        return _Piece("clock", clock=(moment.hour * 60 + moment.minute, False))
    if "part" in mention:
        return _Piece("part", mention["part"])
    return _Piece("day", _number_of(mention["weekday"], heard.here) if "weekday" in mention else "")


def _number_of(weekday: int, today: datetime) -> str:
    """Which day of the month the next such weekday is: in "Friday 5" it may be that, and no hour."""
    return str((today + timedelta(days=(weekday - today.weekday()) % 7 or 7)).day)


@cache
def _ands(language: str) -> frozenset[str]:
    """ "And" in the person's language, in English, and in Hindi as it is typed."""
    patterns = (babel_locale(one).list_patterns["standard"]["2"] for one in ("en", "hi", "hi_Latn", language))
    return frozenset(pattern.replace("{0}", "").replace("{1}", "").strip() for pattern in patterns)


def _hour(text: str, half: str | None, part: str | None) -> Clock | None:
    """None where the number is no hour, or not one of that part of the day."""
    numbers = [int(one) for one in re.findall(r"\d+", text)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if hour > 24 or minute > 59:
        return None
    clock = clock_of(hour, minute, half, None)
    if part is None or not clock[1]:
        return clock
    low, high = PARTS[f"t_{part}"]
    at = in_part(clock, part)[0]
    return (at % MIDNIGHT, False) if low * 60 <= at <= high * 60 else None


def _half(pieces: list[_Piece], place: int) -> str | None:
    after = pieces[place + 1] if place + 1 < len(pieces) else None
    return after.text[0] if after and after.kind == "half" and after.text[0] in "ap" else None


def _part_beside(pieces: list[_Piece], place: int) -> str | None:
    """The part of the day that is said of this number: before it or behind it, as the answer does throughout."""
    first = next(piece.kind for piece in pieces if piece.kind in ("part", "hour"))
    ways = ((-1, *_BEFORE), (1, *_BEHIND)) if first == "part" else ((1, *_BEHIND), (-1, *_BEFORE))
    for step, most, long in ways:
        at = place + step
        if step < 0 and not _ends(pieces, place):
            continue  # "in the morning 2 tablets"
        while (
            0 <= at < len(pieces)
            and abs(at - place) <= most + 1
            and pieces[at].kind in ("word", "half")
            and len(pieces[at].text) <= long
        ):
            at += step
        if 0 <= at < len(pieces) and pieces[at].kind == "part":
            return pieces[at].text
    return None


def _ends(pieces: list[_Piece], place: int) -> bool:
    """Nothing is counted with this number: the answer ends behind it, or goes on with another time."""
    after = pieces[place + 1] if place + 1 < len(pieces) else None
    return after is None or after.kind in _NOTHING_ELSE - {"hour"}
