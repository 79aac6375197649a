"""What kind of day it is for a person, and what the coach then keeps to itself. Pure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Final
from zoneinfo import ZoneInfo

from bot.model.effects import Record
from bot.understanding.festivals import Calendar
from config.lifestyle import Life

KIND: Final = "life_day"
OVER: Final = "over"
DAY: Final = 86_400.0
AFTER_ADVICE: Final = ("fasting", "ill", "feast")  # on such days nothing is offered instead of what was eaten


def standing(records: Iterable[Record], at: float) -> tuple[str, ...]:
    """Kinds of day that were told and still last at a moment: the newest word on each, and "over" ends them all."""
    ends: dict[str, float] = {}
    for record in sorted(records, key=lambda one: (one.at, one.id)):
        if record.at > at:
            break
        if record.data.get("day") == OVER:
            ends.clear()
        else:
            ends[str(record.data.get("day"))] = record.data.get("until", 0.0)
    return tuple(sorted(kind for kind, until in ends.items() if until > at))


def until(kind: str, days: int | None, at: float, life: Life) -> float:
    """When a day of this kind is over, where the person did not say (0 days: now)."""
    if kind == OVER:
        return at
    lasts = {str(name): value for name, value in life.lasts_days.items()}[kind] if days is None else days
    return at + min(max(lasts, 0), life.most_days) * DAY


def must_refer(kind: str, risk: str | None, life: Life) -> bool:
    """Whether only the care team may advise: a fast or an illness with medicines that can lower sugar. Not knowing is a yes."""
    return kind in life.refer and risk != "no"


def festival_near(calendar: Calendar | None, at: float, zone: ZoneInfo, days: int) -> bool:
    """Whether a festival of the calendar is around that day."""
    if calendar is None:
        return False
    today = datetime.datetime.fromtimestamp(at, zone).date()
    return any(abs((day - today).days) <= days for festival in calendar.festivals.values() for day in festival.dates)
