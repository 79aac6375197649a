"""Patterns in glucose readings. Each needs its minimum of data and says one plain id; what may be chance is not said."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import date, timedelta

from msgspec import Struct

from agents.health_insights.numbers import differs, mean, median, variance
from agents.health_insights.sample import AFTER_MEAL, BEDTIME, FASTING, Sample, by_part, days_of, evening_of, part_of_day
from config.clinical import Targets
from config.insights import Contrast, Insights


class Pattern(Struct, frozen=True):
    """``id`` is what flows branch on. ``size``: mg/dL, or how many; ``based_on``: how many readings (or pairs) say so."""

    id: str
    size: float
    based_on: int
    part: str | None = None


def patterns(samples: Sequence[Sample], missed: Set[date], targets: Targets, rules: Insights) -> tuple[Pattern, ...]:
    """All that hold, the one to act on first in front. ``missed``: days on which a dose was not taken."""
    found = (
        lows_at_one_time(samples, rules),
        after_dinner(samples, targets, rules),
        morning_rise(samples, rules),
        missed_dose(samples, missed, rules),
        weekend(samples, rules),
    )
    return tuple(one for one in found if one is not None)


def lows_at_one_time(samples: Sequence[Sample], rules: Insights) -> Pattern | None:
    """Low readings in the same part of the day, on different days: ``lows_at_one_time``."""
    lows = [one for one in samples if one.value < rules.shares.low_below]
    best: Pattern | None = None
    for part, theirs in by_part(lows, rules.parts_of_day).items():
        days = len(days_of(theirs))
        if days >= rules.patterns.lows_at_one_time.lows and (best is None or days > best.size):
            best = Pattern("lows_at_one_time", float(days), len(theirs), part)
    return best


def after_dinner(samples: Sequence[Sample], targets: Targets, rules: Insights) -> Pattern | None:
    """Most readings after dinner lie above their target: ``after_dinner_highs``."""
    rule = rules.patterns.after_dinner
    theirs = [one for one in samples if one.context == AFTER_MEAL and one.when.hour >= rule.from_hour]
    above = [one.value - targets.after_meal.high for one in theirs if one.value > targets.after_meal.high]
    size = mean(above)
    if size is None or len(theirs) < rule.readings or len(above) <= rule.share * len(theirs):
        return None
    return Pattern("after_dinner_highs", size, len(theirs))


def morning_rise(samples: Sequence[Sample], rules: Insights) -> Pattern | None:
    """Fasting readings lie above those of the evening before: ``morning_rise``. The middle of the rises counts."""
    rule, parts = rules.patterns.morning_rise, rules.parts_of_day
    evenings: dict[date, Sample] = {}
    mornings: dict[date, Sample] = {}
    for one in sorted(samples, key=lambda one: (one.when, one.value)):
        late = part_of_day(one.when, parts) in ("late_evening", "night") and one.context not in (FASTING, AFTER_MEAL)
        if one.context == BEDTIME or late:
            evenings[evening_of(one.when, parts)] = one  # the last before the night
        elif one.context == FASTING and part_of_day(one.when, parts) == "morning":
            mornings.setdefault(one.day, one)  # the first of the morning
    rises = [
        mornings[day + timedelta(days=1)].value - evening.value
        for day, evening in evenings.items()
        if day + timedelta(days=1) in mornings
    ]
    middle = median(rises)
    if middle is None or len(rises) < rule.pairs or middle < rule.at_least:
        return None
    average, spread = mean(rises), variance(rises)
    if average is None or spread is None or average**2 * len(rises) < rules.patterns.standard_errors**2 * spread:
        return None
    return Pattern("morning_rise", middle, len(rises))


def weekend(samples: Sequence[Sample], rules: Insights) -> Pattern | None:
    """Saturdays and Sundays differ from other days: ``weekend_higher`` or ``weekend_lower``."""
    rule = rules.patterns.weekend
    return _contrast(samples, lambda day: day.weekday() >= rule.first_weekday, rule, rules, "weekend_higher", "weekend_lower")


def missed_dose(samples: Sequence[Sample], missed: Set[date], rules: Insights) -> Pattern | None:
    """Days on which a dose was missed are higher: ``higher_on_missed_days``. That they are lower is never said."""
    return _contrast(samples, missed.__contains__, rules.patterns.missed_dose, rules, "higher_on_missed_days", None)


def _contrast(
    samples: Sequence[Sample], ours: Callable[[date], bool], rule: Contrast, rules: Insights, higher: str, lower: str | None
) -> Pattern | None:
    first = [one for one in samples if ours(one.day)]
    second = [one for one in samples if not ours(one.day)]
    if len(first) < rule.readings or len(second) < rule.others:
        return None
    if min(len(days_of(first)), len(days_of(second))) < rule.days:
        return None
    gap = differs([one.value for one in first], [one.value for one in second], rules.patterns.standard_errors)
    if gap is None or abs(gap) < rule.at_least:
        return None
    name = higher if gap > 0 else lower
    return Pattern(name, abs(gap), len(first)) if name else None
