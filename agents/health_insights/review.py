"""Looks over the glucose readings of a period, beside those of the period before, and says all that there is enough data for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from agents.health_insights.glucose import Average, InBands, averages, estimated_a1c, in_bands, spread, within_target
from agents.health_insights.numbers import mean
from agents.health_insights.patterns import Pattern, patterns
from agents.health_insights.sample import Sample, days_in_a_row, days_of
from agents.health_insights.vitals import Direction, direction
from config.clinical import Targets
from config.insights import Insights, Shares


class Compared(Struct, frozen=True):
    """Beside the period before: of the average (mg/dL) and of the share in range (per cent), each now less before."""

    average: Direction
    average_change: float
    in_range: Direction
    in_range_change: int


class Review(Struct, frozen=True):
    count: int
    days: int  # on which there is a reading
    average: float
    lowest: float
    highest: float
    in_target: int  # each within the target of its own time of day
    lows: int
    very_lows: int
    bands_any: InBands  # counts of any number of readings
    bands: InBands | None  # the same, where there are enough for percentages
    by_part: tuple[Average, ...]
    variation: float | None
    steady: bool | None
    a1c: float | None
    patterns: tuple[Pattern, ...]
    streak: int
    best_streak: int
    target_streak: int  # days in a row on which every reading was within its target
    compared: Compared | None


class Known(Struct, frozen=True):
    """What else is known of the person."""

    targets: Targets
    limits: Shares  # the range that is shown, with its ends
    pregnant: bool = False
    missed: frozenset[date] = frozenset()  # days on which a dose was not taken


def within(samples: Sequence[Sample], last: date, days: int) -> tuple[Sample, ...]:
    """Those of the ``days`` days that end with ``last``."""
    first = last - timedelta(days=days - 1)
    return tuple(one for one in samples if first <= one.day <= last)


def review(samples: Sequence[Sample], today: date, days: int, known: Known, rules: Insights) -> Review | None:
    """``samples``: all that may count, in any order; None when the period has none."""
    ours = within(samples, today, days)
    values = [one.value for one in ours]
    average = mean(values)
    if average is None:
        return None
    limits = known.limits
    bands = in_bands(ours, limits)
    variation = spread(ours, rules.variability)
    long_term = within(samples, today, rules.estimated_a1c.span_days)
    current, best = days_in_a_row(days_of(samples), today)
    return Review(
        count=len(ours),
        days=len(days_of(ours)),
        average=average,
        lowest=min(values),
        highest=max(values),
        in_target=sum(within_target(one, known.targets) for one in ours),
        lows=sum(one.value < rules.shares.low_below for one in ours),
        very_lows=sum(one.value < rules.shares.very_low_below for one in ours),
        bands_any=bands,
        bands=bands if len(ours) >= limits.readings else None,
        by_part=averages(ours, rules),
        variation=variation,
        steady=variation <= rules.variability.steady_up_to if variation is not None else None,
        a1c=None if known.pregnant else estimated_a1c(long_term, rules.estimated_a1c, rules.parts_of_day),
        patterns=patterns(ours, known.missed, known.targets, rules),
        streak=current,
        best_streak=best,
        target_streak=days_in_a_row(_good_days(samples, known.targets), today)[0],
        compared=compared(ours, within(samples, today - timedelta(days=days), days), known, rules),
    )


def compared(ours: Sequence[Sample], before: Sequence[Sample], known: Known, rules: Insights) -> Compared | None:
    """None when one of the two periods has too few readings."""
    rule = rules.comparison
    now, then = mean([one.value for one in ours]), mean([one.value for one in before])
    if now is None or then is None or min(len(ours), len(before)) < rule.readings:
        return None
    limits = known.limits
    share, earlier = in_bands(ours, limits).in_range, in_bands(before, limits).in_range
    return Compared(
        average=direction(now, then, rule.average_at_least),
        average_change=now - then,
        in_range=direction(share, earlier, rule.share_at_least),
        in_range_change=share - earlier,
    )


def _good_days(samples: Sequence[Sample], targets: Targets) -> set[date]:
    missed = {one.day for one in samples if not within_target(one, targets)}
    return days_of(samples) - missed
