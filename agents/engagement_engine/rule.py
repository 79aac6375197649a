"""When something recurs: a rule of RFC 5545 on the person's own clock. Pure.

An occurrence is named by what the wall clock shows ("2026-03-29T02:30"), so it is the same one in every zone and through daylight
saving. A time that the clock skips is moved on by as much as it skips; one that it shows twice is the first of the two.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr
from msgspec import Struct

Often = Literal["once", "daily", "weekly", "monthly"]
OFTEN: Final[tuple[Often, ...]] = ("once", "daily", "weekly", "monthly")
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SHORTEST_MONTH: Final = 28
DAY: Final = timedelta(days=1)


class Rule(Struct, frozen=True):
    """``text`` as in RFC 5545 ("FREQ=DAILY"), counted from ``start``: a moment on the person's clock."""

    text: str
    start: str

    @property
    def clock(self) -> str:
        """``08:05``."""
        return self.start[11:16]


class Occurrence(Struct, frozen=True):
    """``key``: what the wall clock shows. ``at``: the moment, in Unix seconds."""

    key: str
    at: float


def rule_of(often: Often, clock: str, zone: str, now: float, *, weekday: int | None = None, day: date | None = None) -> Rule:
    """The rule that begins with the first such time after now. ``weekday``: 0 is Monday; ``day``: the first day."""
    hour, minute = int(clock[:2]), int(clock[3:5])
    here = datetime.fromtimestamp(now, ZoneInfo(zone)).replace(tzinfo=None)
    start = datetime.combine(day or here.date(), datetime.min.time()).replace(hour=hour, minute=minute)
    while start <= here:
        start += DAY
    match often:
        case "once":
            return Rule("FREQ=DAILY;COUNT=1", _key(start))
        case "daily":
            return Rule("FREQ=DAILY", _key(start))
        case "weekly":
            while weekday is not None and start.weekday() != weekday:
                start += DAY
            return Rule(f"FREQ=WEEKLY;BYDAY={DAYS[start.weekday()]}", _key(start))
        case "monthly":
            if start.day <= SHORTEST_MONTH:
                return Rule(f"FREQ=MONTHLY;BYMONTHDAY={start.day}", _key(start))
            days = ",".join(str(one) for one in range(SHORTEST_MONTH, start.day + 1))
            return Rule(f"FREQ=MONTHLY;BYMONTHDAY={days};BYSETPOS=-1", _key(start))


def at_clock(rule: Rule, clock: str, zone: str, now: float) -> Rule:
    """The same rule at another time of day, from the next such time on."""
    here = datetime.fromtimestamp(now, ZoneInfo(zone)).replace(tzinfo=None)
    start = datetime.fromisoformat(rule.start).replace(hour=int(clock[:2]), minute=int(clock[3:5]))
    if rule.text.endswith("COUNT=1"):
        while start <= here:
            start += DAY
    return Rule(rule.text, _key(start))


def moment(key: str, zone: str) -> float:
    """The moment at which the wall clock of a zone shows this."""
    return datetime.fromisoformat(key).replace(tzinfo=ZoneInfo(zone)).timestamp()


def following(rule: Rule, zone: str, after: str, skipped: Collection[str] = ()) -> Occurrence | None:
    """The first occurrence after the one named ``after`` (empty: the very first) that is not skipped. None: there is none."""
    series = _series(rule, after)
    found = series.after(datetime.fromisoformat(after) if after else datetime.fromisoformat(rule.start) - DAY)
    while found is not None:
        if (key := _key(found)) not in skipped:
            return Occurrence(key, moment(key, zone))
        found = series.after(found)
    return None


def last_due(rule: Rule, zone: str, after: str, now: float, skipped: Collection[str] = ()) -> Occurrence | None:
    """The newest occurrence after the one named ``after`` whose moment has come. What lies between is over for good."""
    shown = datetime.fromtimestamp(now, ZoneInfo(zone)).replace(tzinfo=None)
    series = _series(rule, after)
    found = series.before(shown + DAY / 12, inc=True)  # a clock that jumps shows some moments up to two hours off
    first = datetime.fromisoformat(after) if after else None
    while found is not None and (first is None or found > first):
        key = _key(found)
        if key not in skipped and moment(key, zone) <= now:
            return Occurrence(key, moment(key, zone))
        found = series.before(found)
    return None


def day_of(moment_: float, zone: str) -> str:
    return datetime.fromtimestamp(moment_, ZoneInfo(zone)).date().isoformat()


def _key(moment_: datetime) -> str:
    return moment_.isoformat(timespec="minutes")


@lru_cache(maxsize=4096)
def _series(rule: Rule, since: str) -> rrule:
    """Its times from the day of ``since`` on. Our rules count no steps, so they may be begun on any day; only a number of times
    is counted from the start."""
    start = datetime.fromisoformat(rule.start)
    if since and since > rule.start and "COUNT" not in rule.text:
        start = datetime.combine(datetime.fromisoformat(since).date(), start.time())
    made = rrulestr(rule.text, dtstart=start)
    if not isinstance(made, rrule):
        raise TypeError("a rule is one line")
    return made
