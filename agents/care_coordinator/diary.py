"""One doctor's day: who holds which time. Pure; it is kept in one document that is saved by compare-and-swap.

One document a day, not one a time: whoever takes a time has read all others of that day, so that two bookings cannot overlap
even after the clinic has changed the length of its times. What was given back stays noted, so that a late repeat of the
booking does not take it again.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import Struct

KEPT_RETURNS = 300
"""So many returns are remembered a day: far more than a day has times, for somebody who books and cancels all day long."""


class Entry(Struct, frozen=True, omit_defaults=True):
    """``key`` names the booking and its how-manieth hold: it takes a time at most once."""

    key: str
    start: int
    end: int
    state: Literal["held", "booked", "returned"] = "held"


class Diary(Struct, frozen=True, omit_defaults=True):
    entries: tuple[Entry, ...] = ()

    def entry(self, key: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.key == key), None)

    def free(self, start: int, end: int) -> bool:
        """Whether nobody has any part of that time."""
        return all(one.state == "returned" or one.end <= start or end <= one.start for one in self.entries)

    def hold(self, key: str, start: int, end: int, *, firm: bool = False) -> Diary | None:
        """With the time held, or booked at once. None when somebody has it, or when this booking has given it back already."""
        if (known := self.entry(key)) is not None:
            if known.state == "returned":
                return None
            return self.confirm(key) if firm and known.state == "held" else self
        if not self.free(start, end):
            return None
        return Diary((*self.entries, Entry(key, start, end, "booked" if firm else "held")))

    def confirm(self, key: str) -> Diary | None:
        """With the held time booked. None when this booking does not have it (any more)."""
        known = self.entry(key)
        if known is None or known.state == "returned":
            return None
        return self._with(msgspec.structs.replace(known, state="booked"))

    def give_back(self, key: str, start: int, end: int) -> Diary:
        """With the time free again, also where it was never held: then a hold that comes late is refused."""
        return self._with(Entry(key, start, end, "returned"))

    def _with(self, entry: Entry) -> Diary:
        others = [one for one in self.entries if one.key != entry.key]
        returned = [one for one in others if one.state == "returned"][-KEPT_RETURNS:]
        standing = [one for one in others if one.state != "returned"]
        return Diary((*returned, *standing, entry))
