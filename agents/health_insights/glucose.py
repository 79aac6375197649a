"""What glucose readings say together: shares in range, averages by time of day, spread, estimated HbA1c. Pure arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from agents.health_insights.numbers import mean, percentages, variation
from agents.health_insights.sample import Sample, by_part, days_of, part_of_day
from config.clinical import Targets
from config.insights import EstimatedA1c, Insights, PartsOfDay, Shares, Variability

BANDS = ("very_low", "low", "in_range", "high", "very_high")


class InBands(Struct, frozen=True):
    """How many readings lie in each of the five bands, and their whole percentages (sum 100, or all 0)."""

    counts: tuple[int, ...]
    percent: tuple[int, ...]

    def of(self, band: str) -> int:
        return self.counts[BANDS.index(band)]

    @property
    def in_range(self) -> int:
        return self.percent[BANDS.index("in_range")]


class Average(Struct, frozen=True):
    part: str
    average: float
    count: int


def band_of(value: float, limits: Shares) -> str:
    """Limits themselves are in range: 70 and 180 are."""
    if value < limits.very_low_below:
        return "very_low"
    if value < limits.low_below:
        return "low"
    if value > limits.very_high_above:
        return "very_high"
    return "high" if value > limits.high_above else "in_range"


def in_bands(samples: Sequence[Sample], limits: Shares) -> InBands:
    """How many samples (mg/dL) lie in which of the five bands."""
    found = [band_of(one.value, limits) for one in samples]
    counts = tuple(found.count(band) for band in BANDS)
    return InBands(counts, percentages(counts))


def within_target(one: Sample, targets: Targets) -> bool:
    """Whether a sample (mg/dL) is within the person's target for its meal context; both ends are."""
    band = targets.band(one.context)
    return band.low <= one.value <= band.high


def averages(samples: Sequence[Sample], rules: Insights) -> tuple[Average, ...]:
    """By part of the day, where there are enough."""
    found = []
    for part, theirs in by_part(samples, rules.parts_of_day).items():
        average = mean([one.value for one in theirs])
        if average is not None and len(theirs) >= rules.average_by_part.readings:
            found.append(Average(part, average, len(theirs)))
    return tuple(found)


def spread(samples: Sequence[Sample], rule: Variability) -> float | None:
    """Coefficient of variation in per cent; None with too few readings or days."""
    if len(samples) < rule.readings or len(days_of(samples)) < rule.days:
        return None
    return variation([one.value for one in samples])


def estimated_a1c(samples: Sequence[Sample], rule: EstimatedA1c, parts: PartsOfDay) -> float | None:
    """HbA1c in per cent from the average of readings that are spread over days and parts of days; None where they are not.

    Readings are weighed by part of the day, not counted as they come: who measures mostly before breakfast would
    otherwise see an HbA1c of their mornings.
    """
    times = {part_of_day(one.when, parts) for one in samples}
    if len(samples) < rule.readings or len(days_of(samples)) < rule.days or len(times) < rule.parts_of_day:
        return None
    by_time = [mean([one.value for one in theirs]) for theirs in by_part(samples, parts).values() if theirs]
    average = mean([value for value in by_time if value is not None])
    if average is None:
        return None
    estimate = (average + rule.offset) / rule.slope
    return estimate if rule.lowest <= estimate <= rule.highest else None
