"""Rows whose ids of people are put into other words. A batch is one transaction."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from bot.adapters.sqlite.file import StoreFile
from bot.adapters.sqlite.resealing import BATCH, TABLES, Table, overwrite
from bot.errors import Malformed
from bot.migrations.kinds import OURS
from bot.ports.moving import Names
from bot.ports.resealing import Step
from bot.sealing.seals import Seals

Row = dict[str, Any]


class SqliteMoving:
    """Implements ``bot.ports.moving.Moving``. Links lie under blind names and hold no ids; the audit log stays as it is."""

    place = "store"

    def __init__(self, file: StoreFile, path: Path, seals: Seals) -> None:
        self._file, self._path, self._seals = file, path, seals

    async def steps(self, names: Names, *, write: bool) -> AsyncIterator[Step]:
        for table in (one for one in TABLES if one.name != "links"):
            after: tuple[Any, ...] = ()
            while rows := await self._page(table, after):
                after = tuple(rows[-1][name] for name in table.key)
                yield await self._moved(table, rows, names, write)
        if write:
            await asyncio.to_thread(overwrite, self._path)

    async def _page(self, table: Table, after: tuple[Any, ...]) -> list[Row]:
        key, marks = ", ".join(table.key), ", ".join("?" * len(table.key))
        where = f"WHERE ({key}) > ({marks})" if after else ""
        statement = f"SELECT * FROM {table.name} {where} ORDER BY {key} LIMIT {BATCH}"  # noqa: S608 - fixed words

        def work(connection: sqlite3.Connection) -> list[Row]:
            cursor = connection.execute(statement, after)
            return [dict(zip([one[0] for one in cursor.description], row, strict=True)) for row in cursor]

        return await self._file.read(work)

    async def _moved(self, table: Table, rows: list[Row], names: Names, write: bool) -> Step:
        changes: list[tuple[Row, Row]] = []
        unreadable = 0
        for row in rows:
            if table.name == "documents" and row["kind"] in OURS:
                continue
            try:
                after = self._renamed(table, row, names)
            except Malformed:
                unreadable += 1
                continue
            if after is not None:
                changes.append((row, after))

        def work(connection: sqlite3.Connection) -> None:
            for before, after in changes:
                which = " AND ".join(f"{name} = ?" for name in table.key)
                connection.execute(f"DELETE FROM {table.name} WHERE {which}", [before[name] for name in table.key])  # noqa: S608
                put = f"INSERT OR REPLACE INTO {table.name} ({', '.join(after)}) VALUES ({', '.join('?' * len(after))})"  # noqa: S608
                connection.execute(put, list(after.values()))

        if changes and write:
            await names.settle()
            await self._file.write(work)
        return Step(len(changes), unreadable)

    def _renamed(self, table: Table, row: Row, names: Names) -> Row | None:
        """None where nothing is to be changed. What is sealed is bound to the row's key, and so sealed anew with it."""
        plain = {name: names.text(value) if isinstance(value, str) else value for name, value in row.items()}
        before, after = ("/".join(str(one[name]) for name in table.key) for one in (row, plain))
        changed = plain != row
        opened = {name: self._seals.open(row[name], table.name, before, name) for name in table.sealed}
        renamed = {name: names.raw(value) for name, value in opened.items()}
        if not changed and renamed == opened:
            return None
        return plain | {name: self._seals.seal(value, table.name, after, name) for name, value in renamed.items()}
