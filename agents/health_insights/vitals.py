"""What other readings say together: blood pressure, weight, pulse. And whether a period differs from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from agents.health_insights.numbers import mean
from agents.health_insights.sample import Sample, by_part
from config.insights import Insights, PulseRange

Direction = Literal["higher", "lower", "same"]


class Pressure(Struct, frozen=True):
    """Averages, lowest and highest as (systolic, diastolic); how many readings are within the goal."""

    count: int
    average: tuple[float, float]
    lowest: tuple[float, float]
    highest: tuple[float, float]
    in_target: int
    morning: tuple[float, float] | None
    evening: tuple[float, float] | None


class Weight(Struct, frozen=True):
    count: int
    average: float
    lowest: float
    highest: float
    change: float | None  # last less first; None when it may be the scales


class Pulse(Struct, frozen=True):
    count: int
    average: float
    lowest: float
    highest: float
    usual: int


def pressure(samples: Sequence[Sample], goal: tuple[float, float], rules: Insights) -> Pressure | None:
    """``goal``: both values are to be below theirs. None of nothing; a reading without its second value is left out."""
    pairs = [(one.value, one.second) for one in samples if one.second is not None]
    average = _both(pairs)
    if average is None:
        return None
    times = by_part([one for one in samples if one.second is not None], rules.parts_of_day)
    evening = [*times["evening"], *times["late_evening"]]
    return Pressure(
        count=len(pairs),
        average=average,
        lowest=min(pairs),
        highest=max(pairs),
        in_target=sum(high < goal[0] and low < goal[1] for high, low in pairs),
        morning=_enough(times["morning"], rules),
        evening=_enough(evening, rules),
    )


def weight(samples: Sequence[Sample], rules: Insights) -> Weight | None:
    """``samples`` oldest first."""
    values = [one.value for one in samples]
    average = mean(values)
    if average is None:
        return None
    change = values[-1] - values[0]
    told = change if len(values) > 1 and abs(change) >= rules.weight.change_at_least else None
    return Weight(len(values), average, min(values), max(values), told)


def pulse(samples: Sequence[Sample], rule: PulseRange) -> Pulse | None:
    """``samples`` in beats a minute; None of none."""
    values = [one.value for one in samples]
    average = mean(values)
    if average is None:
        return None
    usual = sum(rule.usual_low <= value <= rule.usual_high for value in values)
    return Pulse(len(values), average, min(values), max(values), usual)


def direction(now: float, before: float, at_least: float) -> Direction:
    """``same`` where the two differ by less than ``at_least``."""
    if abs(now - before) < at_least:
        return "same"
    return "higher" if now > before else "lower"


def _enough(samples: Sequence[Sample], rules: Insights) -> tuple[float, float] | None:
    if len(samples) < rules.average_by_part.readings:
        return None
    return _both([(one.value, one.second) for one in samples if one.second is not None])


def _both(pairs: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    first, second = mean([one for one, _ in pairs]), mean([two for _, two in pairs])
    return (first, second) if first is not None and second is not None else None
