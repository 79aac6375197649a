"""The store's methods in SQL. Rows carry what is searched for; the rest is the struct's JSON."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from bot.adapters.readable import readable
from bot.adapters.sqlite.agent_documents import COLUMNS, SqliteDocuments, document_of
from bot.adapters.sqlite.audit import SqliteAudit
from bot.adapters.sqlite.bundles import SqliteBundles
from bot.adapters.sqlite.file import StoreFile
from bot.adapters.sqlite.keys import SqliteKeys
from bot.adapters.sqlite.links import link_of
from bot.adapters.sqlite.moving import SqliteMoving
from bot.adapters.sqlite.old import old_rows
from bot.adapters.sqlite.remains import remains_of
from bot.adapters.sqlite.resealing import SqliteResealing
from bot.audit.end import MarkedAudit
from bot.errors import Malformed
from bot.model.codec import decode_session
from bot.model.effects import Record, WakeAt
from bot.model.ids import EffectId, InputId, PersonId, person_of
from bot.model.session import Session
from bot.ports.audit import MarkedLog
from bot.ports.bundles import Bundles
from bot.ports.documents import Documents
from bot.ports.keys import KeyPlace
from bot.ports.moving import Moving
from bot.ports.remains import Remain
from bot.ports.resealing import Resealing
from bot.ports.store import DeliveryRecord, Held, JournalEntry, Place, Reading, Snapshot, TurnNote, standing
from bot.sealing.seals import UNSEALED, Seals

SEEN = 200  # input ids in a snapshot
SPARE = 16  # readings asked for beyond the limit, for those that were corrected

T = TypeVar("T", Record, Reading, DeliveryRecord)
_records: Decoder[Record] = Decoder(Record)
_readings: Decoder[Reading] = Decoder(Reading)
_deliveries: Decoder[DeliveryRecord] = Decoder(DeliveryRecord)
_traces: Decoder[list[dict[str, Any]]] = Decoder(list[dict[str, Any]])
_wakes: Decoder[list[WakeAt]] = Decoder(list[WakeAt])


class SqliteStore:
    """Implements ``bot.ports.store.Store``."""

    def __init__(self, file: StoreFile, seals: Seals, path: Path) -> None:
        self._file, self._seals = file, seals
        self.keys: KeyPlace = SqliteKeys(file)
        self.resealing: Resealing = SqliteResealing(file, path, seals)
        self.moving: Moving = SqliteMoving(file, path, seals)
        self.bundles: Bundles = SqliteBundles(file)
        self.documents: Documents = SqliteDocuments(file, seals)
        self.audit: MarkedLog = MarkedAudit(SqliteAudit(file, seals), self.documents)

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path, *, seals: Seals = UNSEALED, timeout: float = 5.0) -> AsyncIterator[SqliteStore]:
        """``timeout``: seconds for one call. Raises ConfigError when the file cannot be used."""
        async with StoreFile.open(path, timeout) as file:
            yield cls(file, seals, path)

    async def append_journal(self, entries: Sequence[JournalEntry]) -> None:
        rows = [(e.person, e.input_id, e.version, e.at, e.kind, *self._parts(e)) for e in entries]
        heads = [(e.person, e.version, self._seal(e.wakes, "heads", e.person, "wakes"), bool(e.wakes)) for e in entries]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR IGNORE INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            connection.executemany(
                "INSERT INTO heads VALUES (?, ?, ?, ?) ON CONFLICT (person) DO UPDATE"
                " SET version = excluded.version, wakes = excluded.wakes, open = excluded.open"
                " WHERE excluded.version > heads.version",
                heads,
            )

        await self._file.write(work)

    async def latest(self, person: PersonId) -> Snapshot | None:
        def work(connection: sqlite3.Connection) -> tuple[bytes | str, str, list[str]] | None:
            # "at" breaks a tie of versions, which only a lost session that began anew can cause.
            newest = "WHERE person = ? ORDER BY version DESC, at DESC LIMIT"
            row = connection.execute(f"SELECT session, input_id FROM journal {newest} 1", (person,)).fetchone()  # noqa: S608
            seen = connection.execute(f"SELECT input_id FROM journal {newest} ?", (person, SEEN))  # noqa: S608
            return None if row is None else (*row, [name for (name,) in seen])

        found = await self._file.read(work)
        if found is None:
            return None
        held, input_id, seen = found
        session = self._seals.open(held, "journal", f"{person}/{input_id}", "session")
        return Snapshot(decode_session(session), [InputId(name) for name in seen])

    async def session(self, person: PersonId) -> Session | None:
        words = "SELECT session, input_id FROM journal WHERE person = ? ORDER BY version DESC, at DESC LIMIT 1"
        rows = await self._rows(words, person)
        return decode_session(self._seals.open(rows[0][0], "journal", f"{person}/{rows[0][1]}", "session")) if rows else None

    async def turns(self, since: float, limit: int, after: TurnNote | None = None) -> list[TurnNote]:
        mark = (after.at, after.person, after.input_id) if after else (since, "", "")
        rows = await self._rows(
            "SELECT at, person, input_id, kind, trace FROM journal WHERE (at, person, input_id) > (?, ?, ?)"
            " ORDER BY at, person, input_id LIMIT ?",
            *mark,
            max(0, limit),
        )
        notes = []
        for at, whose, name, kind, held in rows:
            trace = self._open(_traces, held, "journal", f"{whose}/{name}", "trace")
            notes.append(TurnNote(at, PersonId(whose), InputId(name), kind, trace))
        return notes

    async def open_wakes(self, limit: int, after: PersonId | None = None) -> list[tuple[PersonId, list[WakeAt]]]:
        rows = await self._rows(
            "SELECT person, wakes FROM heads WHERE open AND person > ? ORDER BY person LIMIT ?", after or "", max(0, limit)
        )
        return readable(rows, lambda row: (PersonId(row[0]), self._open(_wakes, row[1], "heads", row[0], "wakes")), "open timers")

    async def record(self, records: Sequence[Record]) -> None:
        rows = [(r.id, r.person, r.kind, r.at, self._seal(r, "records", r.id, "doc")) for r in records]
        await self._file.write(lambda connection: _each(connection, "INSERT OR IGNORE INTO records VALUES (?, ?, ?, ?, ?)", rows))

    async def records(self, person: PersonId, kind: str, limit: int = 100) -> list[Record]:
        rows = await self._rows(
            "SELECT id, person, doc FROM records WHERE person = ? AND kind = ? ORDER BY at DESC, id DESC LIMIT ?",
            person,
            kind,
            max(0, limit),
        )
        return [self._owned(_records, "records", row) for row in rows]

    async def people(self, kind: str) -> int:
        rows = await self._rows("SELECT COUNT(*) FROM records WHERE kind = ?", kind)
        return int(rows[0][0])

    async def add_reading(self, reading: Reading) -> bool:
        doc = self._seal(reading, "readings", reading.id, "doc")
        row = (reading.id, reading.person, reading.kind, reading.at, doc)
        added = await self._file.write(
            lambda connection: connection.execute("INSERT OR IGNORE INTO readings VALUES (?, ?, ?, ?, ?)", row).rowcount
        )
        return added == 1

    async def readings(self, person: PersonId, kind: str, *, since: float = 0.0, limit: int = 100) -> list[Reading]:
        return (await self.newest_readings(person, {kind: since}, limit))[kind]

    async def newest_readings(self, person: PersonId, since: Mapping[str, float], limit: int) -> dict[str, list[Reading]]:
        most = limit + SPARE if limit > 0 else 0
        words = "SELECT id, person, doc FROM readings WHERE person = ? AND kind = ? AND at >= ? ORDER BY at DESC, id DESC LIMIT ?"

        def work(connection: sqlite3.Connection) -> dict[str, list[Any]]:
            return {kind: connection.execute(words, (person, kind, at, most)).fetchall() for kind, at in since.items()}

        found = await self._file.read(work)
        return {kind: standing((self._owned(_readings, "readings", row) for row in rows), limit) for kind, rows in found.items()}

    async def save_deliveries(self, deliveries: Sequence[DeliveryRecord]) -> None:
        rows = [(d.id, d.person, d.at, self._seal(d, "deliveries", d.id, "doc")) for d in deliveries]
        statement = (
            "INSERT INTO deliveries VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
            " SET person = excluded.person, at = excluded.at, doc = excluded.doc WHERE excluded.at >= deliveries.at"
        )
        await self._file.write(lambda connection: _each(connection, statement, rows))

    async def delivery(self, effect: EffectId) -> DeliveryRecord | None:
        rows = await self._rows("SELECT id, person, doc FROM deliveries WHERE id = ?", effect)
        return self._owned(_deliveries, "deliveries", rows[0]) if rows else None

    async def link(self, lid: str, phone: str) -> None:
        name, statement = self._seals.blind("lid", lid), "INSERT OR REPLACE INTO links VALUES (?, ?)"
        held = self._seals.seal(msgspec.json.encode((lid, phone)), "links", name, "phone")

        def work(connection: sqlite3.Connection) -> None:
            if name != lid:
                connection.execute("DELETE FROM links WHERE lid = ?", (lid,))  # from before there were keys
            connection.execute(statement, (name, held))

        await self._file.write(work)

    async def phone_of(self, lid: str) -> str | None:
        rows = await self._rows("SELECT lid, phone FROM links WHERE lid IN (?, ?)", self._seals.blind("lid", lid), lid)
        for name, held in rows:
            return link_of(name, held, self._seals)[1]
        return None

    async def merge(self, old: PersonId, new: PersonId) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE readings SET person = ? WHERE person = ?", (new, old))
            connection.execute("UPDATE records SET person = ? WHERE person = ?", (new, old))
            connection.execute("UPDATE deliveries SET person = ? WHERE person = ?", (new, old))
            connection.execute("UPDATE documents SET person = ? WHERE person = ?", (new, old))

        await self._file.write(work)

    async def held(self, person: PersonId, limit: int) -> Held:
        newest = "WHERE person = ? ORDER BY at DESC, id DESC LIMIT ?"
        readings = await self._rows(f"SELECT id, person, doc FROM readings {newest}", person, max(0, limit))  # noqa: S608 - fixed
        records = await self._rows(f"SELECT id, person, doc FROM records {newest}", person, max(0, limit))  # noqa: S608 - words
        documents = await self._rows(f"SELECT {COLUMNS} FROM documents {newest}", person, max(0, limit))  # noqa: S608
        return Held(
            [self._owned(_readings, "readings", row) for row in readings],
            [self._owned(_records, "records", row) for row in records],
            [document_of(row, self._seals) for row in documents],
        )

    async def erase(
        self, person: PersonId, until: float, *, keep_records: Sequence[str] = (), keep_documents: Sequence[str] = ()
    ) -> None:
        # Ids of people have no sign that GLOB or LIKE would read as a wild card.
        whose, values = "(person = ? OR person LIKE ?) AND at <= ?", (person, f"{person}.%", until)
        kept = (("records", keep_records), ("documents", keep_documents))

        def work(connection: sqlite3.Connection) -> None:
            for table in ("readings", "deliveries", "journal"):
                connection.execute(f"DELETE FROM {table} WHERE {whose}", values)  # noqa: S608 - fixed words
            for table, kinds in kept:
                marks = ", ".join("?" * len(kinds))
                connection.execute(f"DELETE FROM {table} WHERE {whose} AND kind NOT IN ({marks})", (*values, *kinds))  # noqa: S608
            connection.execute(
                "DELETE FROM heads WHERE (person = ? OR person LIKE ?)"
                " AND NOT EXISTS (SELECT 1 FROM journal WHERE journal.person = heads.person)",
                (person, f"{person}.%"),
            )

        await self._file.write(work)

    async def hidden_numbers(self, person: PersonId) -> list[str]:
        return [lid for _, lid in await self._mine(person)]

    async def unlink(self, person: PersonId) -> None:
        names = [(name,) for name, _ in await self._mine(person)]
        await self._file.write(lambda connection: connection.executemany("DELETE FROM links WHERE lid = ?", names).rowcount)

    async def remains(self, person: PersonId) -> list[Remain]:
        links = [Remain("links", "", lid) for _, lid in await self._mine(person)]
        return await self._file.read(lambda connection: remains_of(connection, person)) + links

    async def count_old(self, place: Place, kinds: Sequence[str], before: float) -> int:
        which, values = old_rows(place, kinds, before)
        return int((await self._rows(f"SELECT COUNT(*) FROM {which}", *values))[0][0])  # noqa: S608 - fixed words

    async def drop_old(self, place: Place, kinds: Sequence[str], before: float, limit: int) -> int:
        which, values = old_rows(place, kinds, before)
        statement = f"DELETE FROM {place} WHERE rowid IN (SELECT {place}.rowid FROM {which} LIMIT ?)"  # noqa: S608
        return await self._file.write(lambda connection: connection.execute(statement, (*values, max(0, limit))).rowcount)

    async def ping(self) -> None:
        await self._file.write(lambda connection: None)  # also tells a full or read-only disk... as far as a lock can

    async def _mine(self, person: PersonId) -> list[tuple[str, str]]:
        """A person's hidden numbers with the names that their links lie under. Every link is looked at: an id tells no phone."""
        links = [(name, *link_of(name, held, self._seals)) for name, held in await self._rows("SELECT lid, phone FROM links")]
        return [(name, lid) for name, lid, phone in links if person in (person_of(f"phone:{phone}"), person_of(f"lid:{lid}"))]

    def _parts(self, entry: JournalEntry) -> tuple[bytes, bytes, bytes]:
        id_ = f"{entry.person}/{entry.input_id}"
        return (
            self._seal(entry.session, "journal", id_, "session"),
            self._seal(entry.trace, "journal", id_, "trace"),
            self._seal(entry.wakes, "journal", id_, "wakes"),
        )

    def _seal(self, value: Struct | Sequence[Any], kind: str, id_: str, field: str) -> bytes:
        return self._seals.seal(msgspec.json.encode(value), kind, id_, field)

    def _open(self, decoder: Decoder[Any], held: bytes | str, kind: str, id_: str, field: str) -> Any:
        try:
            return decoder.decode(self._seals.open(held, kind, id_, field))
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
            raise Malformed(str(error), code="stored_unreadable") from error

    def _owned(self, decoder: Decoder[T], kind: str, row: tuple[Any, ...]) -> T:
        """The row's person rules: a merge changes the row, not what is sealed in it."""
        id_, person, held = row
        value: T = self._open(decoder, held, kind, id_, "doc")
        return value if value.person == person else msgspec.structs.replace(value, person=PersonId(person))

    async def _rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        return await self._file.read(lambda connection: connection.execute(statement, values).fetchall())


def _each(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    connection.executemany(statement, rows)
