"""Wrapped keys in SQL."""

from __future__ import annotations

import sqlite3
from typing import Any

import msgspec
from msgspec.json import Decoder

from bot.adapters.sqlite.file import StoreFile
from bot.errors import Malformed
from bot.ports.keys import WrappedKey

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


def _put(connection: sqlite3.Connection, how: str, key: WrappedKey) -> int:
    row: tuple[Any, ...] = (key.tenant, key.purpose, key.number, msgspec.json.encode(key).decode())
    return connection.execute(f"{how} INTO data_keys VALUES (?, ?, ?, ?)", row).rowcount
