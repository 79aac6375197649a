"""The audit log, as those need it who act on records."""

from __future__ import annotations

from typing import Protocol

from bot.audit.chain import Break, Entry, Note


class AuditLog(Protocol):
    """Every method raises StoreUnavailable when the store does not answer in time."""

    async def enter(self, note: Note) -> Entry:
        """Add it as the newest, sealed. However many enter at once, no number is given twice and none is left out."""

    async def entries(self, after: int = 0, limit: int = 1000) -> list[Entry]:
        """Those with a number above ``after``, in order."""

    async def newest(self) -> Entry | None:
        """The one with the highest number; None of an empty log."""


class MarkedLog(AuditLog, Protocol):
    """Such a log whose end is marked (``bot.audit.end``)."""

    async def cut(self) -> Break | None:
        """Whether the newest entries were taken off: ``missing`` or ``changed`` against the mark, ``unmarked`` without one."""
