"""One reading as the statistics see it: a value at a time on the person's own clock. And days and parts of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from bot.model.clock import local
from config.insights import PartsOfDay

FASTING, AFTER_MEAL, BEDTIME = "fasting", "after_meal", "bedtime"


class Sample(Struct, frozen=True):
    """``value`` in the canonical unit; ``second`` is the diastolic value of a blood pressure."""

    value: float
    when: datetime
    context: str | None = None
    second: float | None = None

    @property
    def day(self) -> date:
        return self.when.date()


def sample(value: float, at: float, zone: str, context: str | None = None, second: float | None = None) -> Sample:
    """``at`` in Unix seconds; ``second``: the diastolic value, of a pressure."""
    return Sample(value, local(at, zone), context, second)


def in_order(samples: Iterable[Sample]) -> tuple[Sample, ...]:
    """Oldest first, and the same whatever the order in which they came."""
    return tuple(sorted(samples, key=lambda one: (one.when, one.value, one.second or 0.0, one.context or "")))


def days_of(samples: Iterable[Sample]) -> set[date]:
    return {one.day for one in samples}


def part_of_day(when: datetime, parts: PartsOfDay) -> str:
    """The part of the day in which a time lies; the night before the first hour of the next part belongs to its own date."""
    found = "night"
    for name, hour in parts.starts():
        if when.hour >= hour:
            found = name
    return found


def evening_of(when: datetime, parts: PartsOfDay) -> date:
    """The day whose evening it is: what is measured after midnight and before the morning belongs to the day before."""
    return when.date() - timedelta(days=1) if when.hour < parts.morning else when.date()


def days_in_a_row(days: Iterable[date], today: date) -> tuple[int, int]:
    """How many days in a row up to today (or to yesterday: today is not over), and the most there were in a row."""
    every = sorted({day for day in days if day <= today})
    best = run = 0
    before: date | None = None
    for day in every:
        run = run + 1 if before is not None and day - before == timedelta(days=1) else 1
        best = max(best, run)
        before = day
    current = run if every and today - every[-1] <= timedelta(days=1) else 0
    return current, best


def by_part(samples: Sequence[Sample], parts: PartsOfDay) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {name: [] for name, _ in parts.starts()}
    for one in samples:
        found[part_of_day(one.when, parts)].append(one)
    return found
