"""How many messages a person, an instance and all together may send, read from flood.yaml and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from bot.errors import ConfigError
from config.frozen import Frozen
from config.plain_yaml import plain_yaml


class Rate(Frozen):
    """``burst`` messages at once, and ``per_second`` from then on."""

    burst: int = Field(ge=1, le=1_000_000)
    per_second: float = Field(gt=0, le=1_000_000)


class FloodLimits(Frozen):
    """``danger``: a flooder's messages of danger that are still heard."""

    person: Rate
    danger: Rate
    instance: Rate
    all: Rate


def load_flood_limits(file: Path) -> FloodLimits:
    """Raises ConfigError that names the file and the key."""
    try:
        raw: Any = plain_yaml(file.read_text(encoding="utf-8"))
        return FloodLimits.model_validate(raw)
    except (OSError, yaml.YAMLError) as error:
        raise ConfigError(f"{file.name}: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ConfigError(f"{file.name}: {wrong}") from error
