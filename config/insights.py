"""When the insights say something: minimum data and thresholds, read from insights.yaml once and checked."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.handwritten.model import read_model
from config.clinical import Band, SignOff

FILE = Path(__file__).parent / "insights.yaml"


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Sourced(_Rule):
    source: str


class Enough(_Sourced):
    readings: int = Field(ge=1)


class Shares(Enough):
    """Upper ends of "very low" and "low", lower ends of "high" and "very high"."""

    very_low_below: float
    low_below: float
    high_above: float
    very_high_above: float

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if not self.very_low_below < self.low_below < self.high_above < self.very_high_above:
            raise ValueError("the four limits must rise")
        return self


class Variability(Enough):
    steady_up_to: float = Field(gt=0)
    days: int = Field(ge=1)


class EstimatedA1c(Enough):
    offset: float
    slope: float = Field(gt=0)
    span_days: int = Field(ge=1)
    days: int = Field(ge=1)
    parts_of_day: int = Field(ge=1, le=5)
    lowest: float
    highest: float


class PartsOfDay(_Rule):
    """The hour from which each part counts."""

    night: int = Field(ge=0, le=23)
    morning: int = Field(ge=0, le=23)
    midday: int = Field(ge=0, le=23)
    evening: int = Field(ge=0, le=23)
    late_evening: int = Field(ge=0, le=23)

    @model_validator(mode="after")
    def _rising(self) -> Self:
        hours = [hour for _, hour in self.starts()]
        if hours[0] != 0 or any(later <= earlier for earlier, later in pairwise(hours)):
            raise ValueError("the hours must begin with 0 and rise")
        return self

    def starts(self) -> tuple[tuple[str, int], ...]:
        return self._starts

    @cached_property
    def _starts(self) -> tuple[tuple[str, int], ...]:
        return tuple((name, getattr(self, name)) for name in type(self).model_fields)  # asked for with every reading


class MorningRise(_Sourced):
    pairs: int = Field(ge=2)
    at_least: float = Field(gt=0)


class AfterDinner(Enough):
    share: float = Field(gt=0, le=1)
    from_hour: int = Field(ge=0, le=23)


class Contrast(Enough):
    """Two sorts of days: enough readings on enough different days of each, and a difference that matters."""

    others: int = Field(ge=2)
    days: int = Field(ge=1)
    at_least: float = Field(gt=0)


class Weekend(Contrast):
    first_weekday: int = Field(ge=0, le=6)


class LowsAtOneTime(_Sourced):
    lows: int = Field(ge=2)


class Patterns(_Rule):
    standard_errors: float = Field(gt=0)
    morning_rise: MorningRise
    after_dinner: AfterDinner
    weekend: Weekend
    missed_dose: Contrast
    lows_at_one_time: LowsAtOneTime


class Comparison(Enough):
    average_at_least: float = Field(gt=0)
    share_at_least: float = Field(gt=0)


class WeightChange(_Sourced):
    change_at_least: float = Field(gt=0)


class PulseRange(_Sourced):
    usual_low: float
    usual_high: float


class DigestRules(_Sourced):
    mostly_in_range: float = Field(gt=0, le=100)
    measured_days: float = Field(gt=0, le=1)


class ChartRules(_Sourced):
    glucose_scale: Band
    blood_pressure_scale: Band
    pulse_scale: Band
    keep_days: int = Field(ge=1)


class Insights(_Rule):
    sign_off: SignOff
    summary: Enough
    shares: Shares
    shares_pregnancy: Shares
    variability: Variability
    estimated_a1c: EstimatedA1c
    parts_of_day: PartsOfDay
    average_by_part: Enough
    patterns: Patterns
    comparison: Comparison
    weight: WeightChange
    heart_rate: PulseRange
    digest: DigestRules
    chart: ChartRules


def load_insights(file: Path = FILE) -> Insights:
    """Read the rules. Raises ConfigError with the place of every mistake."""
    return read_model(file, Insights)
