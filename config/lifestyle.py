"""Numbers of the lifestyle coach, read from lifestyle.yaml once and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.handwritten.model import read_model
from config.clinical import SignOff

FILE = Path(__file__).parent / "lifestyle.yaml"
Intensity = Literal["light", "moderate", "vigorous"]
DayKind = Literal["fasting", "ill", "night_shift", "travel", "feast"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Sourced(_Part):
    source: str


class Carbohydrate(_Sourced):
    round_to: int = Field(ge=1, le=20)
    assumed_spread: float = Field(ge=0, le=1)
    portions: dict[Literal["less", "usual", "more"], float]


class Swaps(_Sourced):
    hours_between: float = Field(ge=0)
    same_again_days: float = Field(ge=0)
    least_grams: float = Field(ge=0)
    low_within_minutes: float = Field(ge=0)
    festival_days: int = Field(ge=0, le=10)


class Activity(_Sourced):
    week_minutes: int = Field(gt=0)
    day_steps: int = Field(gt=0)
    weight: dict[Intensity, float]
    intensity: dict[str, Intensity]
    steps_a_minute: int = Field(gt=0)
    least_goal: int
    most_goal: int
    most_steps_goal: int


class Life(_Sourced):
    lasts_days: dict[DayKind, int]
    most_days: int = Field(gt=0)
    refer: tuple[DayKind, ...]
    risk_words: tuple[str, ...]


class Lifestyle(_Part):
    """All of it."""

    sign_off: SignOff
    carbohydrate: Carbohydrate
    swaps: Swaps
    activity: Activity
    life: Life


def load_lifestyle(path: Path = FILE) -> Lifestyle:
    """Read the file. Raises ConfigError with the place of every mistake."""
    return read_model(path, Lifestyle)
