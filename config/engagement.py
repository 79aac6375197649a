"""When reminders, digests and copies come, read from engagement.yaml once and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.handwritten.model import read_model

FILE = Path(__file__).parent / "engagement.yaml"
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"

Part = Literal["morning", "noon", "evening", "night"]
Seconds = Annotated[float, Field(gt=0)]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError) as error:
        raise ValueError("there is no such zone") from error
    return name


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Reminders(_Rule):
    """``late`` and ``done_before`` by what the reminder is for; engagement.yaml says what each is."""

    most: int = Field(gt=0, le=20)
    late: dict[str, Seconds]
    done_before: dict[str, Seconds]
    later: Seconds
    later_times: int = Field(ge=0)
    source: str


class TimeOfDay(_Rule):
    """``words``: one that ends with a star stands for all that begin so."""

    clock: str = Field(pattern=CLOCK)
    words: tuple[str, ...]


class Digest(_Rule):
    hour: str = Field(pattern=CLOCK)
    weekday: int = Field(ge=0, le=6)
    late: Seconds
    patients: int = Field(gt=0, le=3)
    days: dict[Literal["daily", "weekly", "if_something"], int]
    mute_days: int = Field(gt=0)
    something: tuple[str, ...]


class Copies(_Rule):
    keep_days: int = Field(gt=0)
    most: int = Field(gt=0)


class Erasure(_Rule):
    by_days: int = Field(gt=0)
    keep_records: tuple[str, ...]
    keep_documents: tuple[str, ...]
    source: str


class SignOff(_Rule):
    status: str
    reviewer: str | None
    date: str | None


class Engagement(_Rule):
    sign_off: SignOff
    zone: Annotated[str, AfterValidator(_zone)]
    reminders: Reminders
    times_of_day: dict[Part, TimeOfDay]
    apart: int = Field(gt=0, lt=12)
    joints: tuple[str, ...]
    shorthand: dict[str, tuple[Part, ...]]
    digest: Digest
    copies: Copies
    erasure: Erasure


def load_engagement(file: Path = FILE) -> Engagement:
    """Raises ConfigError with the place of every mistake."""
    return read_model(file, Engagement)
