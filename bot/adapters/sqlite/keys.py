"""Wrapped keys in SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.json import Decoder

from bot.adapters.sqlite.file import StoreFile
from bot.errors import Malformed
from bot.ports.keys import WrappedKey

PEOPLE = ("heads", "journal", "records", "readings", "documents", "deliveries")
_keys: Decoder[WrappedKey] = Decoder(WrappedKey)


class SqliteKeys:
    """Implements ``bot.ports.keys.KeyPlace``."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    async def wrapped(self, tenant: str) -> list[WrappedKey]:
        statement = "SELECT doc FROM data_keys WHERE tenant = ? ORDER BY purpose, number"
        rows = await self._file.read(lambda connection: connection.execute(statement, (tenant,)).fetchall())
        try:
            return [_keys.decode(doc) for (doc,) in rows]
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise Malformed(str(error), code="stored_unreadable") from error

    async def add(self, key: WrappedKey) -> bool:
        return await self._file.write(lambda connection: _put(connection, "INSERT OR IGNORE", key)) == 1

    async def rewrap(self, key: WrappedKey) -> None:
        await self._file.write(lambda connection: _put(connection, "INSERT OR REPLACE", key))

    async def drop(self, key: WrappedKey) -> None:
        statement = "DELETE FROM data_keys WHERE tenant = ? AND purpose = ? AND number = ?"
        row = (key.tenant, key.purpose, key.number)
        await self._file.write(lambda connection: connection.execute(statement, row).rowcount)

    async def unkeyed(self) -> bool:
        found = [await self._file.read(_first(table)) for table in PEOPLE]
        return any(found)


def _first(table: str) -> Callable[[sqlite3.Connection], Any]:
    statement = f"SELECT 1 FROM {table} WHERE person GLOB 'p[0-9a-f][0-9a-f][0-9a-f][0-9a-f]*' LIMIT 1"  # noqa: S608 - fixed
    return lambda connection: connection.execute(statement).fetchone()


def _put(connection: sqlite3.Connection, how: str, key: WrappedKey) -> int:
    row: tuple[Any, ...] = (key.tenant, key.purpose, key.number, msgspec.json.encode(key).decode())
    return connection.execute(f"{how} INTO data_keys VALUES (?, ?, ?, ?)", row).rowcount
