"""When something was measured, as far as the message tells: "sugar 180 yesterday", "kal subah 150 thi", "two hours ago"."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bot.model.clock import local
from bot.understanding.meaning import Meaning

OLDEST = 366 * 86400.0  # seconds; a reading told of longer ago is rather a slip of the pen
PARTS = {"morning": (4, 8, 12), "noon": (11, 13, 17), "evening": (16, 19, 22), "night": (18, 22, 24)}
"""Hours: from, the one that stands for a part of the day of which no hour is said, to."""


def told_at(meaning: Meaning, written: float, zone: str) -> float:
    """The moment that the message tells; the time of writing where it tells none, several, one to come, or one that may be two.

    One moment cannot be that of two readings of a kind: "180 yesterday, 150 now".
    """
    kinds = Counter(reading.kind for reading in meaning.readings)
    if len(meaning.times) != 1 or any(count > 1 for count in kinds.values()):
        return written
    mention = meaning.times[0]
    at = mention.get("at")
    if at is None or mention.get("ask"):
        return written
    at = _in_its_part(mention, float(at), zone)
    return at if written - OLDEST <= at <= written else written


def _in_its_part(mention: dict[str, Any], at: float, zone: str) -> float:
    """Of "yesterday morning" only the day is settled; the clock is that of the writing."""
    part = PARTS.get(str(mention.get("part")))
    if part is None or "hour" in mention:
        return at
    first, usual, last = part
    here = local(at, zone)
    return at if first <= here.hour < last else here.replace(hour=usual, minute=0, second=0, microsecond=0).timestamp()
