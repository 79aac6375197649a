"""Policy: how the service behaves and which numbers it uses, read from the YAML files beside this one, checked once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import ConfigError
from config.care_team import CareTeam
from config.doctor_bridge import Bridge
from config.escalation import Escalation

FOLDER = Path(__file__).parent


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SignOff(_Frozen):
    status: str
    reviewer: str | None
    date: date | None


class Limit(_Frozen):
    """One threshold with its source. Exactly one of the bounds is set."""

    below: float | None = None
    above: float | None = None
    at_least: float | None = Field(default=None, alias="from")
    source: str


class Band(_Frozen):
    """Inclusive range, in the canonical unit."""

    low: float
    high: float


class Plausible(Band):
    source: str


class Targets(_Frozen):
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


class Glucose(_Frozen):
    """Glucose thresholds in mg/dL."""

    sign_off: SignOff
    plausible: Plausible
    critical_low: Limit
    low: Limit
    high: Limit
    very_high: Limit
    critical_high: Limit
    targets: dict[Literal["default", "pregnancy", "older_adult"], Targets]


class PressureGoal(_Frozen):
    """The goal is below both, in mmHg."""

    systolic: float
    diastolic: float
    source: str


class BloodPressure(_Frozen):
    """Thresholds in mmHg at which a home reading is measured again after five minutes, or told to the clinic."""

    systolic_severe: Limit
    diastolic_severe: Limit
    systolic_severe_pregnancy: Limit
    diastolic_severe_pregnancy: Limit
    systolic_low: Limit
    diastolic_low: Limit
    systolic_high: Limit
    diastolic_high: Limit
    targets: dict[Literal["default", "pregnancy", "heart_failure", "kidney", "older_adult"], PressureGoal]


class HeartRate(_Frozen):
    """Beats a minute, at rest."""

    low: Limit
    high: Limit
    critical_low: Limit
    critical_high: Limit


class Spo2(_Frozen):
    """Percent."""

    low: Limit
    critical_low: Limit


class Temperature(_Frozen):
    """Degrees Celsius."""

    fever: Limit
    high_fever: Limit
    cold: Limit


class Ketones(_Frozen):
    """Blood ketones in mmol/L."""

    raised: Limit
    critical: Limit


class Gain(_Frozen):
    """More than so many kilograms within so many days."""

    kilograms: float = Field(gt=0)
    days: int = Field(ge=1)
    source: str


class Weight(_Frozen):
    """Kilograms."""

    fast_gain: tuple[Gain, ...] = Field(min_length=1)


class Hba1c(_Frozen):
    """Percent; the goal is below."""

    default: Limit
    pregnancy: Limit
    older_adult: Limit


class TargetsWithin(_Frozen):
    """What a doctor may set."""

    glucose: Plausible
    systolic: Plausible
    diastolic: Plausible
    hba1c: Plausible
    spo2: Plausible


class RecheckTimes(_Frozen):
    """Minutes until a value is measured again, and how long after that it is waited for."""

    after: int = Field(ge=1)
    grace: int = Field(ge=1)
    source: str


class Rechecks(_Frozen):
    hypo: RecheckTimes
    blood_pressure: RecheckTimes


class Repeated(_Frozen):
    """``count`` values within ``days``; those less than ``apart_hours`` apart are one."""

    count: int = Field(ge=2)
    days: int = Field(ge=1)
    apart_hours: float = Field(default=0, ge=0)
    quiet_days: int = Field(ge=1)
    source: str


class Average(_Frozen):
    """The mean of ``days`` against the same time before, both with enough readings on enough days."""

    days: int = Field(ge=2)
    least_readings: int = Field(ge=2)
    least_days: int = Field(ge=2)
    change: float = Field(gt=0)
    share: float = Field(gt=0, lt=1)
    quiet_days: int = Field(ge=1)
    source: str


class Missed(_Frozen):
    """Nothing for ``silent_days`` by somebody who measured on ``least_days`` of the ``within_days`` before."""

    silent_days: int = Field(ge=1)
    within_days: int = Field(ge=2)
    least_days: int = Field(ge=2)
    quiet_days: int = Field(ge=1)
    source: str


class Trends(_Frozen):
    three_highs: Repeated
    three_lows: Repeated
    average: Average
    missed: Missed


class Clinical(_Frozen):
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
    rechecks: Rechecks
    trends: Trends


class KindRange(_Frozen):
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


class EmergencyNumbers(_Frozen):
    general: str
    ambulance: str | None = None
    mental_health: str | None = None
    note: str | None = None
    source: str
    verified: date


class Country(_Frozen):
    country: str
    zone: str
    language: str


class Behaviour(_Frozen):
    late_after: float
    notices_per_day: int = Field(ge=1, le=5)
    agent_wait: float = Field(gt=0, le=60)
    slow_after: float = Field(gt=0, le=10)
    languages: tuple[str, ...] = Field(min_length=1)
    consent_version: str
    same_person_for: float = Field(gt=0, le=86400)
    template_fallback: dict[str, tuple[str, ...]] = {}


class Policy(_Frozen):
    """All of it. ``country_of`` and ``numbers_for`` never fail: an unknown place gets the default."""

    behaviour: Behaviour
    clinical: Clinical
    ranges: Ranges
    care_team: CareTeam
    escalation: Escalation
    bridge: Bridge
    emergency: dict[str, EmergencyNumbers]
    countries: dict[str, Country]

    def country_of(self, address: str) -> Country:
        """Guess from the digits of a phone number or JID; the longest prefix wins."""
        digits = address.split("@")[0]
        if not address.endswith("@lid"):
            for length in (3, 2, 1):
                if found := self.countries.get(digits[:length]):
                    return found
        return self.countries["default"]

    def calling_code(self, address: str) -> str:
        """The country prefix of a phone number that we know; empty for others and for hidden numbers."""
        digits = "" if address.endswith("@lid") else address.split("@")[0]
        return next((digits[:length] for length in (3, 2, 1) if digits[:length] in self.countries), "")

    def numbers_for(self, country: str) -> EmergencyNumbers:
        return self.emergency.get(country, self.emergency["default"])


def load_policy(folder: Path = FOLDER) -> Policy:
    """Read the policy files. Raises ConfigError with the file and the field at fault."""
    parts = {
        "behaviour": _read(folder / "policy.yaml"),
        "clinical": _read(folder / "clinical.yaml"),
        "ranges": _read(folder / "readings.yaml"),
        "care_team": _read(folder / "care_team.yaml"),
        "escalation": _read(folder / "escalation.yaml"),
        "bridge": _read(folder / "doctor_bridge.yaml"),
        "emergency": _read(folder / "emergency_numbers.yaml"),
        "countries": _read(folder / "countries.yaml"),
    }
    try:
        return Policy.model_validate(parts)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"config: {where}: {first['msg']}") from error


def _read(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name}: {error}") from error
