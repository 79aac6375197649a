"""The audit log in SQL. Triggers refuse to change or delete an entry; whoever works round them is found by the seals."""

from __future__ import annotations

import sqlite3

import msgspec
from msgspec.json import Decoder

from bot.adapters.sqlite.file import StoreFile
from bot.audit.chain import Entry, Note, sealed
from bot.errors import Malformed
from bot.sealing.seals import Seals

_notes: Decoder[Note] = Decoder(Note)


class SqliteAudit:
    """Implements ``bot.ports.audit.AuditLog``."""

    def __init__(self, file: StoreFile, seals: Seals) -> None:
        self._file, self._seals = file, seals

    async def enter(self, note: Note) -> Entry:
        def work(connection: sqlite3.Connection) -> Entry:
            row = connection.execute("SELECT number, note, seal FROM audit ORDER BY number DESC LIMIT 1").fetchone()
            entry = sealed(note, self._entry(row) if row else None)
            held = self._seals.seal(msgspec.json.encode(note), "audit", str(entry.number), "note")
            values = (entry.number, held, entry.seal)
            connection.execute("INSERT INTO audit VALUES (?, ?, ?)", values)
            return entry

        return await self._file.write(work)

    async def entries(self, after: int = 0, limit: int = 1000) -> list[Entry]:
        statement, values = (
            "SELECT number, note, seal FROM audit WHERE number > ? ORDER BY number LIMIT ?",
            (after, max(0, limit)),
        )
        rows = await self._file.read(lambda connection: connection.execute(statement, values).fetchall())
        return [self._entry(row) for row in rows]

    async def newest(self) -> Entry | None:
        statement = "SELECT number, note, seal FROM audit ORDER BY number DESC LIMIT 1"
        row = await self._file.read(lambda connection: connection.execute(statement).fetchone())
        return self._entry(row) if row else None

    def _entry(self, row: tuple[int, bytes | str, str]) -> Entry:
        try:
            return Entry(row[0], _notes.decode(self._seals.open(row[1], "audit", str(row[0]), "note")), row[2])
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise Malformed(str(error), code="stored_unreadable") from error
