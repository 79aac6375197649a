"""Policy: how the service behaves and which numbers it uses, read from the YAML files beside this one, checked once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from bot.errors import ConfigError
from config.care_team import CareTeam
from config.clinical import Clinical, Ranges
from config.doctor_bridge import Bridge
from config.escalation import Escalation
from config.frozen import Frozen
from config.laboratory import Laboratory
from config.notices import NoticeRules
from config.plain_yaml import plain_yaml

FOLDER = Path(__file__).parent


class EmergencyNumbers(Frozen):
    general: str
    ambulance: str | None = None
    mental_health: str | None = None
    note: str | None = None
    source: str
    verified: date


class Country(Frozen):
    country: str
    zone: str
    language: str


class Behaviour(Frozen):
    late_after: float
    notices_per_day: int = Field(ge=1, le=5)
    agent_wait: float = Field(gt=0, le=60)
    slow_after: float = Field(gt=0, le=10)
    languages: tuple[str, ...] = Field(min_length=1)
    consent_version: str
    needs_purpose: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    same_person_for: float = Field(gt=0, le=86400)
    template_fallback: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def purpose_of(self, agent: str, name: str) -> str | None:
        """What somebody must allow before this is asked of that agent."""
        return next((purpose for purpose, asked in self.needs_purpose.items() if f"{agent}.{name}" in asked), None)


class Policy(Frozen):
    """All of it. ``country_of`` and ``numbers_for`` never fail: an unknown place gets the default."""

    behaviour: Behaviour
    clinical: Clinical
    ranges: Ranges
    care_team: CareTeam
    escalation: Escalation
    laboratory: Laboratory
    notices: NoticeRules
    bridge: Bridge
    emergency: dict[str, EmergencyNumbers]
    countries: dict[str, Country]

    def country_of(self, address: str) -> Country:
        """Guess from the digits of a phone number or JID; the longest prefix wins. Whose number WhatsApp hides has an id that
        begins with the country (``IN.1648``)."""
        told, dot, _ = address.partition(".")
        if dot and len(told) == 2:
            known = next((one for one in self.countries.values() if one.country == told), None)
            return known or self.countries["default"].model_copy(update={"country": told})
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


def load_policy(folder: Path = FOLDER, *, languages: str = "") -> Policy:
    """Read the policy files. ``languages``, with commas, are offered instead of those in the file, to try them out. Raises
    ConfigError with the file and the field at fault."""
    parts = {
        "behaviour": _read(folder / "policy.yaml"),
        "clinical": _read(folder / "clinical.yaml"),
        "ranges": _read(folder / "readings.yaml"),
        "care_team": _read(folder / "care_team.yaml"),
        "escalation": _read(folder / "escalation.yaml"),
        "laboratory": _read(folder / "laboratory.yaml"),
        "notices": _read(folder / "notices.yaml"),
        "bridge": _read(folder / "doctor_bridge.yaml"),
        "emergency": _read(folder / "emergency_numbers.yaml"),
        "countries": _read(folder / "countries.yaml"),
    }
    if languages and isinstance(parts["behaviour"], dict):
        parts["behaviour"] = {**parts["behaviour"], "languages": [name.strip() for name in languages.split(",") if name.strip()]}
    try:
        return Policy.model_validate(parts)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"config: {where}: {first['msg']}") from error


def _read(path: Path) -> Any:
    try:
        return plain_yaml(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{path.name}: {error}") from error
