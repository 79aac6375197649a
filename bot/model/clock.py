"""The clock of a person: Unix seconds in their time zone."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

INDIA: Final = "Asia/Kolkata"


@cache
def zone_of(name: str) -> ZoneInfo:
    """A time zone by name. The names come from the policy and from our own questions; an unknown one is India's."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(INDIA)


def local(at: float, zone: str) -> datetime:
    """Unix seconds -> the time on the person's clock; times out of any calendar become its beginning."""
    try:
        return datetime.fromtimestamp(at, zone_of(zone))
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, zone_of(zone))
