"""Clinical thresholds and targets with their sources: config/clinical.yaml, and the ranges of config/readings.yaml."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from config.frozen import Frozen


class SignOff(Frozen):
    status: str
    reviewer: str | None
    date: date | None


class Limit(Frozen):
    """One threshold with its source. Exactly one of the bounds is set."""

    below: float | None = None
    above: float | None = None
    at_least: float | None = Field(default=None, alias="from")
    source: str


class Band(Frozen):
    """Inclusive range, in the canonical unit."""

    low: float
    high: float


class Plausible(Band):
    source: str


class Targets(Frozen):
    fasting: Band
    before_meal: Band
    after_meal: Band
    bedtime: Band
    unknown: Band
    source: str

    def band(self, context: str | None) -> Band:
        """The range for a meal context; ``unknown`` where none was given."""
        found = getattr(self, context, None) if context else None
        return found if isinstance(found, Band) else self.unknown


class Glucose(Frozen):
    """Glucose thresholds in mg/dL."""

    sign_off: SignOff
    plausible: Plausible
    critical_low: Limit
    low: Limit
    high: Limit
    very_high: Limit
    critical_high: Limit
    targets: dict[Literal["default", "pregnancy", "older_adult"], Targets]


class PressureGoal(Frozen):
    """The goal is below both, in mmHg."""

    systolic: float
    diastolic: float
    source: str


Illness = Literal["heart_failure", "kidney"]
"""Those with a goal of their own; of several the strictest counts."""


class BloodPressure(Frozen):
    """Thresholds in mmHg at which a home reading is measured again after five minutes, or told to the clinic."""

    systolic_severe: Limit
    diastolic_severe: Limit
    systolic_severe_pregnancy: Limit
    diastolic_severe_pregnancy: Limit
    systolic_low: Limit
    diastolic_low: Limit
    systolic_high: Limit
    diastolic_high: Limit
    targets: dict[Literal["default", "pregnancy", "older_adult"] | Illness, PressureGoal]


class HeartRate(Frozen):
    """Beats a minute, at rest."""

    low: Limit
    high: Limit
    critical_low: Limit
    critical_high: Limit


class Spo2(Frozen):
    """Percent."""

    low: Limit
    critical_low: Limit


class Temperature(Frozen):
    """Degrees Celsius."""

    fever: Limit
    high_fever: Limit
    cold: Limit


class Ketones(Frozen):
    """Blood ketones in mmol/L."""

    raised: Limit
    critical: Limit


class Gain(Frozen):
    """More than so many kilograms within so many days."""

    kilograms: float = Field(gt=0)
    days: int = Field(ge=1)
    source: str


class Weight(Frozen):
    """Kilograms."""

    fast_gain: tuple[Gain, ...] = Field(min_length=1)


class Hba1c(Frozen):
    """Percent; the goal is below."""

    default: Limit
    pregnancy: Limit
    older_adult: Limit


class TargetsWithin(Frozen):
    """What a doctor may set."""

    glucose: Plausible
    systolic: Plausible
    diastolic: Plausible
    hba1c: Plausible
    spo2: Plausible


class AfterMeal(Frozen):
    from_minutes: float = Field(ge=0)
    to_minutes: float = Field(gt=0)
    source: str


class RecheckTimes(Frozen):
    """Minutes until a value is measured again, and how long after that it is waited for."""

    after: int = Field(ge=1)
    grace: int = Field(ge=1)
    source: str


class Rechecks(Frozen):
    hypo: RecheckTimes
    blood_pressure: RecheckTimes


class Repeated(Frozen):
    """``count`` values within ``days``; those less than ``apart_hours`` apart are one."""

    count: int = Field(ge=2)
    days: int = Field(ge=1)
    apart_hours: float = Field(default=0, ge=0)
    quiet_days: int = Field(ge=1)
    source: str


class Average(Frozen):
    """The mean of ``days`` against the same time before, both with enough readings on enough days."""

    days: int = Field(ge=2)
    least_readings: int = Field(ge=2)
    least_days: int = Field(ge=2)
    change: float = Field(gt=0)
    share: float = Field(gt=0, lt=1)
    quiet_days: int = Field(ge=1)
    source: str


class Missed(Frozen):
    """Nothing for ``silent_days`` by somebody who measured on ``least_days`` of the ``within_days`` before."""

    silent_days: int = Field(ge=1)
    within_days: int = Field(ge=2)
    least_days: int = Field(ge=2)
    quiet_days: int = Field(ge=1)
    source: str


class Rising(Frozen):
    """So many kilograms above the least weight of the days, measured on ``least_days`` of them."""

    kilograms: float = Field(gt=0)
    days: int = Field(ge=2)
    least_days: int = Field(ge=2)
    quiet_days: int = Field(ge=1)
    source: str


class Trends(Frozen):
    three_highs: Repeated
    three_lows: Repeated
    average: Average
    missed: Missed
    weight_rising: Rising


class Clinical(Frozen):
    glucose: Glucose
    blood_pressure: BloodPressure
    heart_rate: HeartRate
    spo2: Spo2
    temperature: Temperature
    ketones: Ketones
    weight: Weight
    hba1c: Hba1c
    older_adult: Limit
    targets_within: TargetsWithin
    after_meal: AfterMeal
    rechecks: Rechecks
    trends: Trends


class KindRange(Frozen):
    """Accepted, and asked about; in ``unit``. From config/readings.yaml, which the reader of messages uses too."""

    unit: str
    accept: tuple[float, float]
    confirm: tuple[float, float]


class Ranges(BaseModel):
    """What a home reading can be at all: of config/readings.yaml the part that agents need."""

    model_config = ConfigDict(frozen=True)

    kinds: dict[str, KindRange]
    minimum_pulse_pressure: float
    mg_dl_per_mmol_l: float

    def possible(self, kind: str, value: float) -> bool:
        low, high = self.kinds[kind].confirm
        return low <= value <= high
