"""Published content in SQL."""

from __future__ import annotations

import sqlite3

import msgspec
from msgspec.json import Decoder

from bot.adapters.sqlite.file import StoreFile
from bot.errors import ConfigError, Conflict, Malformed
from bot.ports.bundles import Kept, Publication

_publications: Decoder[Publication] = Decoder(Publication)


class SqliteBundles:
    """Implements ``bot.ports.bundles.Bundles``."""

    def __init__(self, file: StoreFile) -> None:
        self._file = file

    async def keep(self, version: str, packed: bytes, *, at: float) -> None:
        statement = "INSERT INTO bundles VALUES (?, ?, ?, ?) ON CONFLICT (version) DO UPDATE SET at = max(at, excluded.at)"
        await self._file.write(lambda connection: connection.execute(statement, (version, at, len(packed), packed)).rowcount)

    async def bundle(self, version: str) -> bytes | None:
        statement = "SELECT packed FROM bundles WHERE version = ?"
        row = await self._file.read(lambda connection: connection.execute(statement, (version,)).fetchone())
        return None if row is None else bytes(row[0])

    async def kept(self) -> list[Kept]:
        statement = "SELECT version, at, size FROM bundles ORDER BY at DESC, version"
        rows = await self._file.read(lambda connection: connection.execute(statement).fetchall())
        return [Kept(*row) for row in rows]

    async def publish(self, publication: Publication) -> None:
        row = (publication.number, msgspec.json.encode(publication).decode())

        def work(connection: sqlite3.Connection) -> None:
            if not connection.execute("SELECT 1 FROM bundles WHERE version = ?", (publication.version,)).fetchone():
                raise ConfigError(f"There is no bundle {publication.version}.", code="bundle_missing")
            (last,) = connection.execute("SELECT max(number) FROM publications").fetchone()
            if publication.number != (last or 0) + 1:
                raise Conflict("Somebody else published in between.", code="published_meanwhile")
            connection.execute("INSERT INTO publications VALUES (?, ?)", row)

        await self._file.write(work)

    async def history(self, limit: int = 50) -> list[Publication]:
        statement = "SELECT doc FROM publications ORDER BY number DESC LIMIT ?"
        rows = await self._file.read(lambda connection: connection.execute(statement, (max(0, limit),)).fetchall())
        try:
            return [_publications.decode(doc) for (doc,) in rows]
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise Malformed(str(error), code="stored_unreadable") from error

    async def forget(self, version: str) -> bool:
        newest = "SELECT json_extract(doc, '$.version') FROM publications ORDER BY number DESC LIMIT 2"

        def work(connection: sqlite3.Connection) -> bool:
            if version in [name for (name,) in connection.execute(newest)]:
                return False
            return connection.execute("DELETE FROM bundles WHERE version = ?", (version,)).rowcount == 1

        return await self._file.write(work)
