"""Festivals people name instead of a date ("after Diwali"), and the days on which they fall, from rules/festivals.yaml."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from bot.handwritten.struct import read_struct

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
        """Read and check the file. Raises ConfigError with file, line and reason."""
        return read_struct(path, Calendar)
