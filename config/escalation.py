"""Whom an emergency is told to and when: the schema of config/escalation.yaml."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from config.frozen import Frozen

Step = Literal["caregivers", "doctor", "next_doctor", "coordinator"]
Severity = Literal["emergency", "reading", "result"]


class Signed(Frozen):
    status: str
    reviewer: str | None
    date: date | None


class Rung(Frozen):
    """One step of the ladder: who is told, and how many minutes they have before the next one is."""

    to: Step
    wait: float = Field(gt=0, le=240)

    @property
    def seconds(self) -> float:
        return self.wait * 60.0


class Critical(Frozen):
    category: str
    severity: Severity


class Again(Frozen):
    """A ladder that nobody answered begins anew after ``minutes``, so many ``times``."""

    minutes: float = Field(gt=0, le=1440)
    times: int = Field(ge=1, le=48)


class Escalation(Frozen):
    """``again``: ladders that begin anew when nobody is left.
    ``same_within``, ``alarm_life`` and ``fresh_within`` in minutes. ``critical``: by "kind.grade" of a reading."""

    sign_off: Signed
    ladders: dict[Severity, tuple[Rung, ...]]
    again: dict[Severity, Again] = Field(default_factory=dict)
    same_within: float = Field(gt=0)
    alarm_life: float = Field(gt=0)
    fresh_within: float = Field(gt=0)
    without_caregivers: tuple[str, ...]
    critical: dict[str, Critical]
    reading_rules: tuple[str, ...]

    def settled_by(self, kind: str) -> frozenset[str]:
        """The categories whose cases a good reading of this kind closes: those that such a reading alone opened."""
        mine = [one for key, one in self.critical.items() if key.partition(".")[0] == kind and one.severity == "reading"]
        return frozenset(one.category for one in mine)
