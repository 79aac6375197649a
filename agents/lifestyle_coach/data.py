"""What an intent brings, checked; and records without those that were corrected."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.errors import Malformed
from bot.model import clock
from bot.model.effects import Intent, Record
from bot.model.locales import first_weekday

MOST_TEXT: Final = 300
MOST_ID: Final = 200


def number(data: dict[str, Any], name: str, low: float, high: float) -> float | None:
    """A number in the range, or None where there is none. Raises Malformed for anything else."""
    value = data.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value) or not low <= value <= high:
        raise Malformed(f"lifestyle_coach: {name} is not a number from {low:g} to {high:g}")
    return float(value)


def text(data: dict[str, Any], name: str) -> str:
    """Words, cut to what we keep; empty where there are none."""
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed(f"lifestyle_coach: {name} is not text")
    return (value or "")[:MOST_TEXT]


def one_of(data: dict[str, Any], name: str, allowed: Iterable[str], otherwise: str | None = None) -> str:
    """A word of a list. Raises Malformed where it is none of them and there is no ``otherwise``."""
    value = data.get(name)
    if isinstance(value, str) and value in allowed:
        return value
    if otherwise is None:
        raise Malformed(f"lifestyle_coach: {name} is none of {', '.join(allowed)}")
    return otherwise


def agreed(data: dict[str, Any], name: str) -> bool:
    """A yes of a flow: true, or the word. Anything else is none."""
    return data.get(name) is True or data.get(name) in ("true", "True")


def known_id(data: dict[str, Any], name: str) -> str | None:
    """The id of an earlier intent."""
    value = data.get(name)
    return value if isinstance(value, str) and 0 < len(value) <= MOST_ID else None


def zone_of(data: dict[str, Any]) -> ZoneInfo:
    """The person's zone; India where it is not known."""
    name = data.get("zone")
    return clock.zone_of(name if isinstance(name, str) else clock.INDIA)


def week_begins(data: dict[str, Any]) -> int:
    """The first day of the person's week, Monday is 0; India's where the country is not known."""
    value = data.get("country")
    return first_weekday(value if isinstance(value, str) and value else "IN")


def language_of(data: dict[str, Any]) -> str:
    value = data.get("language")
    return value if isinstance(value, str) else "en"


def happened_at(intent: Intent, now: float) -> float:
    """When it happened: never later than now, whatever a phone's clock says."""
    at = intent.data.get("measured_at")
    told = isinstance(at, int | float) and not isinstance(at, bool) and isfinite(at) and at > 0
    return min(float(at), now) if told and at is not None else min(intent.at, now)


def standing(records: Iterable[Record]) -> list[Record]:
    """Without those that a later one corrects, oldest first."""
    every = list(records)
    gone = {record.data.get("supersedes") for record in every}
    return sorted((one for one in every if one.id not in gone), key=lambda one: (one.at, one.id))
