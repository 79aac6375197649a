"""What happened when, for the story that a broken promise is told with."""

from __future__ import annotations

import time
from collections.abc import Iterable

from msgspec import Struct


class Moment(Struct, order=True):
    at: float
    who: str  # a number, or "*" for what concerns everybody
    what: str


class Timeline:
    def __init__(self) -> None:
        self.began = time.time()
        self._moments: list[Moment] = []

    def note(self, who: str, what: str, at: float | None = None) -> None:
        self._moments.append(Moment(time.time() if at is None else at, who, what))

    def of(self, number: str, more: Iterable[Moment] = ()) -> str:
        """One person's story among what happened to all."""
        chosen = sorted([moment for moment in self._moments if moment.who in (number, "*")] + list(more))
        return "\n".join(f"  {moment.at - self.began:8.3f} s  {moment.who:>13}  {moment.what}" for moment in chosen)
