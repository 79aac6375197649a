"""Documents of the agents in SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.json import Decoder

from bot.adapters.readable import readable
from bot.adapters.sqlite.file import StoreFile
from bot.errors import Malformed
from bot.model.ids import PersonId
from bot.ports.documents import Document
from bot.sealing.seals import Seals

_data: Decoder[dict[str, Any]] = Decoder(dict[str, Any])
COLUMNS = "kind, id, person, at, version, due, state, data"


class SqliteDocuments:
    """Implements ``bot.ports.documents.Documents``."""

    def __init__(self, file: StoreFile, seals: Seals) -> None:
        self._file, self._seals = file, seals

    async def get(self, kind: str, id_: str) -> Document | None:
        found = await self._found("WHERE kind = ? AND id = ?", (kind, id_))
        return found[0] if found else None

    async def save(self, document: Document) -> bool:
        one = document
        data = self._seals.seal(msgspec.json.encode(one.data), "documents", f"{one.kind}/{one.id}", "data")
        values = (one.person, one.at, one.version + 1, one.due, one.state, data)
        if one.version == 0:
            columns = "person, at, version, due, state, data, kind, id"
            statement = f"INSERT OR IGNORE INTO documents ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
            row: tuple[Any, ...] = (*values, one.kind, one.id)
        else:
            # The person is left alone: a merge may have changed it since it was read.
            changed = "at = ?, version = ?, due = ?, state = ?, data = ?"
            statement = f"UPDATE documents SET {changed} WHERE kind = ? AND id = ? AND version = ?"  # noqa: S608 - fixed words
            row = (*values[1:], one.kind, one.id, one.version)
        return await self._file.write(lambda connection: connection.execute(statement, row).rowcount) == 1

    async def of(self, person: PersonId, kind: str, limit: int = 100) -> list[Document]:
        rest = "WHERE person = ? AND kind = ? ORDER BY at DESC, id DESC LIMIT ?"
        return await self._found(rest, (person, kind, max(0, limit)))

    async def listed(self, kind: str, *, state: str | None = None, limit: int = 100, after: str | None = None) -> list[Document]:
        rest = "WHERE kind = ? AND id > ? AND (? IS NULL OR state = ?) ORDER BY id LIMIT ?"
        return await self._found(rest, (kind, after or "", state, state, max(0, limit)))

    async def claim_due(self, kinds: Sequence[str], now: float, limit: int, lease: float) -> list[Document]:
        marks = ", ".join("?" * len(kinds))
        which = f"SELECT rowid FROM documents WHERE due <= ? AND kind IN ({marks}) ORDER BY due LIMIT ?"  # noqa: S608 - marks only
        statement = f"UPDATE documents SET due = ? WHERE rowid IN ({which}) RETURNING {COLUMNS}"  # noqa: S608
        values = (now + lease, now, *kinds, max(0, limit))

        def work(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            return connection.execute(statement, values).fetchall()

        rows = await self._file.write(work) if kinds else []
        return readable(rows, lambda row: document_of(row, self._seals), "due document")

    async def _found(self, rest: str, values: tuple[Any, ...]) -> list[Document]:
        statement = f"SELECT {COLUMNS} FROM documents {rest}"  # noqa: S608 - fixed words
        rows = await self._file.read(lambda connection: connection.execute(statement, values).fetchall())
        return [document_of(row, self._seals) for row in rows]


def document_of(row: tuple[Any, ...], seals: Seals) -> Document:
    try:
        kind, id_, person, at, version, due, state, data = row
        data = seals.open(data, "documents", f"{kind}/{id_}", "data")
        return Document(kind, id_, person, at, version, due, state, _data.decode(data))
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise Malformed(str(error), code="stored_unreadable") from error
