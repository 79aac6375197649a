"""When people may be told what they did not just ask for: the schema of config/notices.yaml."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from config.frozen import Frozen

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def minutes_of(clock: object) -> int | None:
    """Minutes after midnight of ``08:30``; None for anything else."""
    return int(clock[:2]) * 60 + int(clock[3:]) if isinstance(clock, str) and _CLOCK.fullmatch(clock) else None


def _clock(text: str) -> str:
    if minutes_of(text) is None:
        raise ValueError(f"'{text}' is no time like 08:30")
    return text


Clock = Annotated[str, AfterValidator(_clock)]


class Signed(Frozen):
    status: str
    reviewer: str | None
    date: date | None


class Festivals(Frozen):
    """``days``: how many each lasts."""

    countries: tuple[str, ...]
    days: dict[str, int]


class Fasts(Frozen):
    """``topics``: first parts of topics that speak of food."""

    days: dict[str, int]
    hours: tuple[Clock, Clock]
    topics: tuple[str, ...]


class OfOurOwn(Frozen):
    """What needs the purpose ``care_messages``: these classes and topics, but for topics of what the person asked for."""

    classes: tuple[Literal["clinical", "reminder", "care_team", "coaching", "education"], ...]
    topics: tuple[str, ...]
    asked_for: tuple[str, ...]


class NoticeRules(Frozen):
    """Times in seconds, hours as ``22:00``."""

    sign_off: Signed
    quiet: tuple[Clock, Clock]
    less_per_day: int = Field(ge=1, le=5)
    awake_for: float = Field(ge=0, le=7200)
    after_writing: float = Field(ge=0, le=86400)
    spread: float = Field(ge=0, le=7200)
    waiting: int = Field(ge=1, le=20)
    of_our_own: OfOurOwn
    festivals: Festivals
    fasts: Fasts


def span(hours: tuple[str, str]) -> tuple[int, int]:
    """Hours as minutes after midnight."""
    first, last = (minutes_of(one) or 0 for one in hours)
    return first, last


def days_from(first: date, count: int) -> frozenset[str]:
    return frozenset((first + timedelta(days=number)).isoformat() for number in range(count))
