"""What the edge tells those who measure it. All words are constants or names of known events: safe as metric labels."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    def webhook(self, event: str, outcome: str, seconds: float) -> None:
        """One delivery of the gateway was answered (``taken``, ``ignored``, ``refused:not_json``, ``unavailable``, ...)."""

    def ignored(self, reason: str) -> None:
        """A known event was not for us: ``group``, ``own_message``, ``not_needed``, ``unknown_event``, ..."""

    def identity_mismatch(self, kind: str) -> None:
        """A key named another number than its message id holds: ``rewritten`` or ``swapped``."""

    def unverified(self) -> None:
        """A sender could not be proven."""

    def media(self, outcome: str) -> None:
        """A file that came with a message was ``kept``, or why not (``missing``, ``too_large``, ``unsafe``, ...)."""

    def flood(self, outcome: str) -> None:
        """A message beyond its limits: ``heard`` (of danger), ``shed``, or ``held`` back until the gateway repeats it."""

    def postponed(self, waiting: int) -> None:
        """So many events were answered before they were published and still wait."""


class Unwatched:
    """Measures nothing."""

    def webhook(self, event: str, outcome: str, seconds: float) -> None: ...

    def ignored(self, reason: str) -> None: ...

    def identity_mismatch(self, kind: str) -> None: ...

    def unverified(self) -> None: ...

    def media(self, outcome: str) -> None: ...

    def flood(self, outcome: str) -> None: ...

    def postponed(self, waiting: int) -> None: ...
