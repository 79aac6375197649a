"""The end of the audit log, marked beside it: whoever takes the newest entries off leaves every seal before them as it was.

The mark is a document of the store and sealed like each of them, so that nobody makes one without our keys. Somebody who had kept
an older mark could put that back with the shorter log: only a seal that was noted outside proves against them.
"""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from bot.audit.chain import Break, Entry, Note
from bot.model.ids import PersonId
from bot.ports.audit import AuditLog
from bot.ports.documents import Document, Documents

KIND: Final = "audit_end"
_ID, _NOBODY = "end", PersonId("audit")


class Mark(Struct, frozen=True):
    """The newest entry, or one that was newest a moment ago."""

    number: int
    seal: str


class MarkedAudit:
    """Implements ``bot.ports.audit.AuditLog`` over another one, and moves the mark with each entry."""

    def __init__(self, audit: AuditLog, documents: Documents) -> None:
        self._audit, self._documents = audit, documents

    async def enter(self, note: Note) -> Entry:
        entry = await self._audit.enter(note)
        while True:  # ends: each time round somebody else has moved it on
            held = await self._documents.get(KIND, _ID)
            if held is not None and _mark(held).number >= entry.number:
                return entry
            data = {"number": entry.number, "seal": entry.seal}
            if await self._documents.save(Document(KIND, _ID, _NOBODY, note.at, held.version if held else 0, data=data)):
                return entry

    async def entries(self, after: int = 0, limit: int = 1000) -> list[Entry]:
        return await self._audit.entries(after, limit)

    async def newest(self) -> Entry | None:
        return await self._audit.newest()

    async def cut(self) -> Break | None:
        held = await self._documents.get(KIND, _ID)
        if held is None:
            newest = await self._audit.newest()
            return None if newest is None else Break(newest.number + 1, "unmarked")
        mark = _mark(held)
        found = await self._audit.entries(mark.number - 1, 1)
        if not found or found[0].number != mark.number:
            return Break(mark.number, "missing")
        return None if found[0].seal == mark.seal else Break(mark.number, "changed")


def _mark(held: Document) -> Mark:
    return Mark(int(held.data["number"]), str(held.data["seal"]))
