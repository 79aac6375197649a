"""Spans of time that a message tells: "1 hour 20 minutes", "डेढ़ घंटा", "half an hour"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from bot.understanding.amounts import Amount
from bot.understanding.said import Said

UNITS: Final = {"minute": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}
LONGEST: Final = 1000.0  # of any unit; more is no span that anybody tells
BETWEEN: Final = 1  # a word between a half and its hour: "half an hour"


def find_durations(said: Said, amounts: list[Amount], times: Iterable[dict[str, Any]]) -> tuple[float, ...]:
    """In seconds, in the order of the text. A smaller unit right behind a greater one belongs to it; "2 hours ago" is none."""
    since = {one["seconds"] for one in times if "seconds" in one}
    found: list[tuple[int, int, float, float]] = []  # from, to, seconds, seconds of the unit
    for name, size in UNITS.items():
        for unit in said.by.get(name, ()):
            count = next((one for one in amounts if one.end == unit.start and one.use in ("duration", "time")), None)
            half = [one for one in said.by.get("half", ()) if 0 <= unit.start - one.end <= BETWEEN]
            if count and count.use == "duration" and 0 < count.value <= LONGEST:
                # "sawa ghanta" says only the quarter that an hour has more
                value = 1 + count.value if not count.digits and count.value < 0.5 else count.value
                found.append((count.start, unit.end, value * size, size))
            elif half and not count:
                found.append((half[-1].start, unit.end, size / 2, size))
    told: list[tuple[int, int, float, float]] = []
    for one in sorted(set(found)):
        last = told[-1] if told else None
        if last and one[0] < last[1]:
            continue  # the same words, in another language
        if last and one[0] - last[1] <= 1 and one[3] < last[3]:
            told[-1] = (last[0], one[1], last[2] + one[2], one[3])
        else:
            told.append(one)
    return tuple(seconds for _, _, seconds, _ in told if seconds not in since)
