"""How many messages a person, an instance and all together may send, read from flood.yaml and checked."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from bot.handwritten.model import read_model
from config.frozen import Frozen


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
    """Raises ConfigError with the place of every mistake."""
    return read_model(file, FloodLimits)
