"""Who of the staff may do what, and how they sign in: staff.yaml, read once and checked."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field

from bot.handwritten.model import read_model
from config.frozen import Frozen

FILE = Path(__file__).parent / "staff.yaml"

Role = Literal["content", "translator", "clinician", "coordinator", "operator", "auditor"]
Reason = Literal["care", "asked_by_patient", "correction", "complaint", "quality"]
"""Why somebody looks at a record; the audit log keeps it."""
Permission = Literal["content", "people", "cases", "bookings", "parked", "decide_parked", "accounts", "audit"]


class SignInRules(Frozen):
    """Seconds and characters; staff.yaml gives the sources."""

    password_least: int = Field(ge=8)
    password_most: int = Field(ge=64, le=1024)
    tries: int = Field(ge=1, le=100)
    rest_seconds: float = Field(ge=30)
    idle_seconds: float = Field(ge=60)
    whole_seconds: float = Field(ge=300)
    attempts_per_minute: int = Field(ge=1)
    code_steps_aside: int = Field(ge=0, le=2)


class Hashing(Frozen):
    """Argon2id's costs."""

    memory_kib: int = Field(ge=19_456)
    passes: int = Field(ge=1)
    lanes: int = Field(ge=1)


class Looks(Frozen):
    """At people's records."""

    without_consent: tuple[Reason, ...]
    an_hour: int = Field(ge=1)


class StaffRules(Frozen):
    roles: dict[Role, tuple[Permission, ...]]
    sign_in: SignInRules
    looks: Looks
    hashing: Hashing

    def permissions(self, roles: Iterable[str]) -> frozenset[str]:
        """All that somebody with these roles may. A role that is not known gives nothing."""
        return frozenset(one for role, may in self.roles.items() if role in set(roles) for one in may)


def load_staff_rules(file: Path = FILE) -> StaffRules:
    """Raises ConfigError with the place of every mistake."""
    return read_model(file, StaffRules)
