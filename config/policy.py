"""Policy: how the service behaves and which numbers it uses, read from the YAML files beside this one, checked once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import ConfigError

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
    targets: dict[Literal["default", "pregnancy"], Targets]


class BloodPressure(_Frozen):
    """Thresholds in mmHg at which a home reading is measured again after five minutes, or told to the clinic."""

    systolic_severe: Limit
    diastolic_severe: Limit
    systolic_severe_pregnancy: Limit
    diastolic_severe_pregnancy: Limit
    systolic_low: Limit
    diastolic_low: Limit


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


class Clinical(_Frozen):
    glucose: Glucose
    blood_pressure: BloodPressure
    heart_rate: HeartRate
    spo2: Spo2
    temperature: Temperature
    ketones: Ketones


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
    languages: tuple[str, ...] = Field(min_length=1)
    consent_version: str


class Policy(_Frozen):
    """All of it. ``country_of`` and ``numbers_for`` never fail: an unknown place gets the default."""

    behaviour: Behaviour
    clinical: Clinical
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
