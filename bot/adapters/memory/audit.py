"""The audit log over a list."""

from __future__ import annotations

from bot.audit.chain import Entry, Note, sealed


class MemoryAudit:
    """Implements ``bot.ports.audit.AuditLog``."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    async def enter(self, note: Note) -> Entry:
        self._entries.append(sealed(note, self._entries[-1] if self._entries else None))
        return self._entries[-1]

    async def entries(self, after: int = 0, limit: int = 1000) -> list[Entry]:
        return self._entries[after : after + max(0, limit)]

    async def newest(self) -> Entry | None:
        return self._entries[-1] if self._entries else None
