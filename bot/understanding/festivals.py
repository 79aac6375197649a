"""Festivals people name instead of a date ("after Diwali"), and the days on which they fall, from rules/festivals.yaml."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml
from msgspec import Struct

from bot.errors import ConfigError

CONCEPT: Final = "f_"  # concepts of the lexicon that name a festival


class Festival(Struct, frozen=True, forbid_unknown_fields=True):
    """``dates``: its first day, year by year. ``moon``: the day is known only shortly before, or differs by region."""

    dates: tuple[datetime.date, ...]
    moon: bool = False

    def near(self, today: datetime.date, past: bool) -> datetime.date | None:
        """The last one before today, or the next one (today counts); None beyond the table."""
        if past:
            return max((day for day in self.dates if day < today), default=None)
        return min((day for day in self.dates if day >= today), default=None)


class Calendar(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of the file, by the festival's name."""

    reviewer: str | None
    date: datetime.date
    festivals: dict[str, Festival]

    @classmethod
    def load(cls, path: Path) -> Calendar:
        """Read and check the file; raises ConfigError naming it."""
        try:
            loaded: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
            return msgspec.convert(loaded, Calendar, strict=False)
        except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
            raise ConfigError(f"{path.parent.name}/{path.name}: {error}") from error
