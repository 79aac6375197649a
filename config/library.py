"""How sure the learning library must be, and when its lessons are told, read from library.yaml once and checked."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from bot.handwritten.model import read_model

FILE = Path(__file__).parent / "library.yaml"


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Search(_Rule):
    """Thresholds and weights of the search; library.yaml says what each is for."""

    score: float = Field(gt=0)
    coverage: float = Field(gt=0, le=1)
    unknown: float = Field(gt=0)
    elsewhere: float = Field(gt=0)
    light: float = Field(gt=0, le=1)
    k: float = Field(gt=0)
    b: float = Field(ge=0, le=1)
    about: float = Field(gt=0)
    title: float = Field(gt=0)
    tags: float = Field(gt=0)
    body: float = Field(ge=0)


class Courses(_Rule):
    """When lessons are told."""

    hour: str = Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    zone: str
    late: float = Field(gt=0)
    expires: float = Field(gt=0)


class LibraryPolicy(_Rule):
    search: Search
    courses: Courses


def load_library_policy(file: Path = FILE) -> LibraryPolicy:
    """Raises ConfigError with the place of every mistake."""
    return read_model(file, LibraryPolicy)
