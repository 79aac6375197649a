"""How values look in a message: the person's glucose unit, Latin digits, a clock time. Used as template filters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

MG_PER_MMOL = 18.016  # mg/dL in one mmol/L: molar mass of glucose 180.16 g/mol


def glucose(value: Any, unit: Any = "mg/dL") -> str:
    """``7.2 mmol/L`` or ``130 mg/dL`` from mg/dL; empty where there is no number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    return f"{value / MG_PER_MMOL:.1f} mmol/L" if unit == "mmol/L" else f"{value:.0f} mg/dL"


def in_unit(value: Any, unit: Any = "mg/dL") -> str:
    """The same without the unit's name, for ranges such as ``80-130 mg/dL``."""
    return glucose(value, unit).split(" ")[0]


def to_mg_dl(value: Any) -> Any:
    """mmol/L -> mg/dL, whole numbers."""
    return round(value * MG_PER_MMOL) if isinstance(value, int | float) else None


def day(value: Any, language: Any = "en") -> str:
    """``Monday, 23 November`` from ``2026-11-23``, in the person's language; empty where there is no day."""
    try:
        when = date.fromisoformat(value) if isinstance(value, str) else None
        names = Locale.parse(language if isinstance(language, str) else "en").days["format"]["wide"] if when else {}
    except (ValueError, UnknownLocaleError):
        return ""
    return f"{names[when.weekday()]}, {when.day} {_months(str(language))[when.month]}" if when else ""


def pm(value: Any) -> Any:
    """``08:30`` -> ``20:30``: the same clock time after noon."""
    return _half(value, 12)


def am(value: Any) -> Any:
    """``20:30`` -> ``08:30``: the same clock time before noon."""
    return _half(value, 0)


def _half(value: Any, hours: int) -> Any:
    hour, colon, rest = value.partition(":") if isinstance(value, str) else ("", "", "")
    return f"{int(hour) % 12 + hours:02}:{rest}" if colon and hour.isdecimal() else value


FILTERS: dict[str, Callable[..., Any]] = {
    "glucose": glucose, "in_unit": in_unit, "to_mg_dl": to_mg_dl, "day": day, "am": am, "pm": pm,
}  # fmt: skip


@cache
def zone_of(name: str) -> tzinfo:
    """A time zone by name. The names come from the policy and from our own questions; an unknown one is the default's."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("Asia/Kolkata")


@cache
def _months(language: str) -> dict[int, str]:
    return dict(Locale.parse(language).months["format"]["wide"])


def local(at: float, zone: str) -> datetime:
    """Unix seconds -> the time on the person's clock; times out of any calendar become its beginning."""
    try:
        return datetime.fromtimestamp(at, zone_of(zone))
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, zone_of(zone))


def moment(at: float, zone: str, language: str) -> str:
    """``23 November, 14:05`` in the person's language and zone: day before month, the month as a word."""
    when = local(at, zone)
    return f"{when.day} {_months(language)[when.month]}, {when:%H:%M}"
