"""Rows sealed anew."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from bot.adapters.sqlite.file import StoreFile
from bot.adapters.sqlite.links import link_of
from bot.errors import Malformed, StoreUnavailable
from bot.ports.resealing import Step
from bot.sealing.seals import Seals

BATCH = 200


class Table(NamedTuple):
    """Names: of the columns that name a row, and of those that are sealed."""

    name: str
    key: tuple[str, ...]
    sealed: tuple[str, ...]


# Not the audit log: it is only ever added to.
TABLES = (
    Table("journal", ("person", "input_id"), ("session", "trace", "wakes")),
    Table("heads", ("person",), ("wakes",)),
    Table("records", ("id",), ("doc",)),
    Table("readings", ("id",), ("doc",)),
    Table("deliveries", ("id",), ("doc",)),
    Table("documents", ("kind", "id"), ("data",)),
    Table("links", ("lid",), ("phone",)),
)


class SqliteResealing:
    """Implements ``bot.ports.resealing.Resealing``."""

    place = "store"

    def __init__(self, file: StoreFile, path: Path, seals: Seals) -> None:
        self._file, self._path, self._seals = file, path, seals

    async def steps(self) -> AsyncIterator[Step]:
        for table in TABLES:
            after: tuple[Any, ...] | None = None
            while rows := await self._page(table, after):
                after = rows[-1][: len(table.key)]
                yield await self._sealed(table, rows)
        await asyncio.to_thread(overwrite, self._path)

    async def _page(self, table: Table, after: tuple[Any, ...] | None) -> list[tuple[Any, ...]]:
        key, marks = ", ".join(table.key), ", ".join("?" * len(table.key))
        where = f"WHERE ({key}) > ({marks})" if after else ""
        statement = f"SELECT {key}, {', '.join(table.sealed)} FROM {table.name} {where} ORDER BY {key} LIMIT {BATCH}"  # noqa: S608
        return await self._file.read(lambda connection: connection.execute(statement, after or ()).fetchall())

    async def _sealed(self, table: Table, rows: list[tuple[Any, ...]]) -> Step:
        changes: list[tuple[str, tuple[Any, ...]]] = []
        unreadable = 0
        for row in rows:
            key, id_ = row[: len(table.key)], "/".join(str(part) for part in row[: len(table.key)])
            for field, held in zip(table.sealed, row[len(table.key) :], strict=True):
                if self._seals.fresh(held):
                    continue
                try:
                    changes.append(self._change(table, key, id_, field, held))
                except Malformed:
                    unreadable += 1

        def work(connection: sqlite3.Connection) -> int:
            return sum(connection.execute(statement, values).rowcount for statement, values in changes)

        return Step(await self._file.write(work) if changes else 0, unreadable)

    def _change(self, table: Table, key: tuple[Any, ...], id_: str, field: str, held: bytes | str) -> tuple[str, tuple[Any, ...]]:
        which = " AND ".join(f"{name} = ?" for name in table.key)
        if table.name == "links":
            return self._link(id_, held)
        sealed = self._seals.seal(self._seals.open(held, table.name, id_, field), table.name, id_, field)
        return f"UPDATE {table.name} SET {field} = ? WHERE {which} AND {field} = ?", (sealed, *key, held)  # noqa: S608 - fixed

    def _link(self, name: str, held: bytes | str) -> tuple[str, tuple[Any, ...]]:
        """One from before there were keys lies under the hidden number itself."""
        lid, phone = link_of(name, held, self._seals)
        blind = self._seals.blind("lid", lid)
        sealed = self._seals.seal(msgspec.json.encode((lid, phone)), "links", blind, "phone")
        return "UPDATE OR REPLACE links SET lid = ?, phone = ? WHERE lid = ? AND phone = ?", (blind, sealed, name, held)


def overwrite(path: Path) -> None:
    """What stood there before also stands in free pages and in the log of changes: the file is written anew without them."""
    try:
        with closing(sqlite3.connect(path, timeout=30.0, isolation_level=None)) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise StoreUnavailable("The SQLite file could not be written anew: run it again.", code="sqlite_vacuum") from error
