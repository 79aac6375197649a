"""Policy: how the service behaves and which numbers it uses, read from the YAML files beside this one, checked once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.model import finding_of
from bot.handwritten.source import Source, read_source
from config.care_team import CareTeam
from config.clinical import Clinical, Ranges
from config.doctor_bridge import Bridge
from config.escalation import Escalation
from config.frozen import Frozen
from config.laboratory import Laboratory
from config.notices import NoticeRules

FOLDER = Path(__file__).parent
FILES: Final[Mapping[str, str]] = {
    "behaviour": "policy.yaml", "clinical": "clinical.yaml", "ranges": "readings.yaml", "care_team": "care_team.yaml",
    "escalation": "escalation.yaml", "laboratory": "laboratory.yaml", "notices": "notices.yaml", "bridge": "doctor_bridge.yaml",
    "emergency": "emergency_numbers.yaml", "countries": "countries.yaml",
}  # fmt: skip
"""Which part of the policy stands in which file."""


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
    ConfigError with the place of every mistake."""
    sources = {name: read_source(folder / file, file) for name, file in FILES.items()}
    parts = {name: source.data for name, source in sources.items()}
    if languages and isinstance(parts["behaviour"], dict):
        parts["behaviour"] = {**parts["behaviour"], "languages": [name.strip() for name in languages.split(",") if name.strip()]}
    try:
        return Policy.model_validate(parts)
    except ValidationError as error:
        raise Unreadable(_finding(sources, one) for one in error.errors(include_url=False)) from error


def _finding(sources: Mapping[str, Source], error: ErrorDetails) -> Finding:
    """``sources``: the files, by the part of the policy that each is."""
    part, *place = error["loc"]
    error["loc"] = tuple(place)
    return finding_of(sources[str(part)], error)
