"""A day of a person's calendar as moments: where it begins and ends, and when its clock shows a time. DST is in the zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Struct

_ONE = timedelta(days=1)


class Day(Struct, frozen=True):
    """From ``start`` until before ``end``, in Unix seconds."""

    name: str  # 2026-11-24
    start: float
    end: float


def day_of(moment: float, zone: str) -> Day:
    """The local day that a moment is in."""
    return _day(datetime.fromtimestamp(moment, zone_of(zone)).date(), zone)


def day_after(day: Day, zone: str) -> Day:
    return _day(date.fromisoformat(day.name) + _ONE, zone)


@lru_cache(maxsize=4096)
def clock(day: Day, zone: str, minutes: int) -> float:
    """When the clock of that day shows so many minutes after midnight; a time that is skipped is where the clock jumped to."""
    if minutes >= 1440:
        return day.end
    shown = datetime.combine(date.fromisoformat(day.name), time(minutes // 60, minutes % 60), zone_of(zone))
    return min(max(shown.timestamp(), day.start), day.end)


@lru_cache(maxsize=64)
def zone_of(name: str) -> tzinfo:
    """An unknown zone counts as UTC: a day must begin somewhere."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


@lru_cache(maxsize=4096)
def _day(day: date, zone: str) -> Day:
    here = zone_of(zone)
    start = datetime.combine(day, time(), here).timestamp()
    return Day(day.isoformat(), start, datetime.combine(day + _ONE, time(), here).timestamp())
