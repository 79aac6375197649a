"""The SQLite file through SQLite's own online backup: a copy of one moment, taken while the service writes.

In the copy the journal ends at the cut; see ``bot.adapters.mongo.dump`` for why.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

from bot.adapters.sqlite.schema import prepare
from bot.audit.end import KIND as AUDIT_END
from bot.errors import StoreUnavailable
from bot.ports.dump import LATER, Frame

CHUNK = 1024 * 1024
PAGES = 2000
"""Pages of the file that are copied at once; writers wait for that long."""
HELD = ("journal", "records", "readings", "documents", "deliveries")
SHORTEN = (
    "DELETE FROM heads WHERE person IN (SELECT person FROM journal WHERE at > :cut)",
    "DELETE FROM journal WHERE at > :cut",
)


class SqliteDump:
    """Implements ``bot.ports.dump.Dump``."""

    part = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loading = path.with_name(f".{path.name}.restored")

    async def frames(self, cut: float) -> AsyncIterator[Frame]:
        async with self._copied(cut) as (copy, later):
            for person in later:
                yield Frame(self.part, LATER, person.encode())
            number = 0
            with copy.open("rb") as file:
                while chunk := await asyncio.to_thread(file.read, CHUNK):
                    yield Frame(self.part, self._path.name, chunk, number)
                    number += 1

    async def empty(self) -> bool:
        return await asyncio.to_thread(self._empty)

    async def load(self, frame: Frame) -> None:
        if frame.name == LATER:
            return
        with self._loading.open("ab" if frame.number else "wb") as file:
            await asyncio.to_thread(file.write, frame.data)

    async def loaded(self) -> None:
        def put() -> None:
            self._loading.chmod(0o600)
            with closing(sqlite3.connect(self._loading, isolation_level=None)) as connection:
                prepare(connection)  # a backup of an older release is brought to our form
            for name in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + name).unlink(missing_ok=True)
            self._loading.replace(self._path)

        with _translating():
            await asyncio.to_thread(put)

    def _empty(self) -> bool:
        if not self._path.exists():
            return True
        with _translating(), closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
            there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            held = [name for name in HELD if name in there]
            but = {"documents": f" WHERE kind <> '{AUDIT_END}'"}
            looks = [f"SELECT 1 FROM {name}{but.get(name, '')} LIMIT 1" for name in held]  # noqa: S608 - fixed words
            return not any(connection.execute(look).fetchone() for look in looks)

    @asynccontextmanager
    async def _copied(self, cut: float) -> AsyncIterator[tuple[Path, list[str]]]:
        """Beside the file itself, readable by its owner only, and gone afterwards; with those who had a turn after the cut."""
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=self._path.parent) as folder:
            copy = Path(folder) / self._path.name
            with _translating():
                later = await asyncio.to_thread(_copy, self._path, copy, cut)
            yield copy, later


def _copy(path: Path, copy: Path, cut: float) -> list[str]:
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy, isolation_level=None)) as target:
        source.backup(target, pages=PAGES)
        target.execute("PRAGMA journal_mode = DELETE")  # one file, nothing beside it
        later = target.execute("SELECT DISTINCT person FROM journal WHERE at > ?", (cut,)).fetchall()
        for statement in SHORTEN:
            target.execute(statement, {"cut": cut})
    return [person for (person,) in later]


@contextmanager
def _translating() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreUnavailable("The SQLite file cannot be read or written.", code="sqlite_backup") from error
