"""How sure the learning library must be, and when its lessons are told, read from library.yaml once and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import ConfigError
from config.plain_yaml import plain_yaml

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
    """Raises ConfigError that names the file and the key."""
    try:
        raw: Any = plain_yaml(file.read_text(encoding="utf-8"))
        return LibraryPolicy.model_validate(raw)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{file.name}: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ConfigError(f"{file.name}: {wrong}") from error
