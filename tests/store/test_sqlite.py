"""What only the SQLite file promises: it survives, it shares commits, it speaks our errors."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.sqlite import SqliteStore
from bot.adapters.sqlite.file import StoreFile
from bot.adapters.sqlite.trouble import RAISED, translated
from bot.errors import ConfigError, Malformed, StoreUnavailable
from bot.ports.documents import Document
from tests.store.made import ASHA, RAVI, entry, reading, record, wake


async def test_what_was_written_is_there_after_a_new_start(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "record.db"
    for version in (1, 2):
        async with SqliteStore.open(path) as store:
            await store.append_journal([entry(version)])
            snapshot = await store.latest(ASHA)
            assert snapshot is not None
            assert snapshot.session.version == version


async def test_commits_are_safe_against_a_loss_of_power(tmp_path: Path) -> None:
    async with StoreFile.open(tmp_path / "f.db", 5.0) as file:
        settings = await file.write(
            lambda c: (c.execute("PRAGMA journal_mode").fetchone()[0], c.execute("PRAGMA synchronous").fetchone()[0])
        )
    assert settings == ("wal", 2), "2 is FULL"


async def test_callers_at_the_same_time_share_a_commit(tmp_path: Path) -> None:
    commits = 0

    def count(connection: sqlite3.Connection) -> None:
        nonlocal commits
        commits = connection.execute("SELECT count(DISTINCT total) FROM marks").fetchone()[0]

    async with StoreFile.open(tmp_path / "f.db", 5.0) as file:
        await file.write(lambda c: c.execute("CREATE TABLE marks (total)"))

        def mark(connection: sqlite3.Connection) -> None:
            # All works of one transaction see the same count of rows that were committed before it.
            with sqlite3.connect(tmp_path / "f.db") as other:
                before = other.execute("SELECT count(*) FROM marks").fetchone()[0]
            other.close()
            connection.execute("INSERT INTO marks VALUES (?)", (before,))

        await asyncio.gather(*[file.write(mark) for _ in range(100)])
        await file.read(count)
    assert 1 <= commits <= 3


async def test_one_bad_work_does_not_spoil_the_commit_of_its_neighbours(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "f.db") as store:
        bad = entry(2**70)
        done = await asyncio.gather(
            store.append_journal([entry(1)]),
            store.append_journal([bad]),
            store.add_reading(reading("r")),
            return_exceptions=True,
        )
        assert done[0] is None
        assert isinstance(done[1], Malformed)
        assert done[2] is True
        snapshot = await store.latest(ASHA)
        assert snapshot is not None
        assert snapshot.session.version == 1


async def test_a_caller_who_gives_up_does_not_disturb_the_others(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "f.db") as store:
        tasks = [asyncio.create_task(store.record([record(f"r{number}", at=float(number))])) for number in range(20)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        kept = {found.id for found in await store.records(ASHA, "consent")}
        assert {f"r{number}" for number in range(1, 20, 2)} <= kept


async def test_what_was_handed_in_is_committed_before_the_file_closes(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "f.db") as store:
        tasks = [asyncio.create_task(store.record([record(f"r{number}")])) for number in range(20)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    with pytest.raises(StoreUnavailable):
        await store.record([record("late")])
    async with SqliteStore.open(tmp_path / "f.db") as store:
        assert len(await store.records(ASHA, "consent")) == 20


async def test_a_file_that_another_process_holds_is_unavailable_in_time(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "f.db") as store, SqliteStore.open(tmp_path / "f.db", timeout=0.4) as impatient:
        with closing(sqlite3.connect(tmp_path / "f.db", isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            async with asyncio.timeout(60.0):
                with pytest.raises(StoreUnavailable):
                    await impatient.append_journal([entry(1)])
            assert await store.latest(ASHA) is None, "reading goes on"
            holder.execute("ROLLBACK")
        await store.append_journal([entry(1)])


async def test_a_file_of_a_newer_release_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "f.db"):
        pass
    with sqlite3.connect(tmp_path / "f.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    (tmp_path / "text.db").write_text("not a database " * 100)
    (tmp_path / "file").write_text("")
    for path in ("f.db", "text.db", "file/x.db"):
        with pytest.raises(ConfigError):
            async with SqliteStore.open(tmp_path / path):
                pass


async def test_a_damaged_row_is_malformed(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "f.db") as store:
        await store.append_journal([entry(1)])
        await store.record([record("r")])
        with sqlite3.connect(tmp_path / "f.db") as connection:
            connection.execute("UPDATE journal SET session = '{'")
            connection.execute("UPDATE records SET doc = '[]'")
        connection.close()
        with pytest.raises(Malformed):
            await store.latest(ASHA)
        with pytest.raises(Malformed):
            await store.records(ASHA, "consent")


def test_every_error_of_sqlite_is_translated() -> None:
    kinds = [kind for kind in vars(sqlite3).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert len(kinds) > 8
    assert [kind for kind in kinds if not issubclass(kind, RAISED)] == []
    assert isinstance(translated(sqlite3.OperationalError("database or disk is full")), StoreUnavailable)
    assert isinstance(translated(OverflowError()), Malformed)


async def test_a_damaged_row_stops_neither_due_work_nor_the_timers_of_others(tmp_path: Path) -> None:
    """Of these the runners take what there is, of everybody: with an error they would take nothing, for ever."""
    async with SqliteStore.open(tmp_path / "f.db") as store:
        for name in ("a", "b", "c"):
            await store.documents.save(Document("case", name, ASHA, 1.0, due=1.0))
        for person in (ASHA, RAVI):
            await store.append_journal([entry(1, person, wakes=[wake(person, "1")])])
        with sqlite3.connect(tmp_path / "f.db") as connection:
            connection.execute("UPDATE documents SET data = '[' WHERE id = 'b'")
            connection.execute("UPDATE heads SET wakes = '[' WHERE person = ?", (ASHA,))
        connection.close()
        assert {one.id for one in await store.documents.claim_due(["case"], 2.0, 9, lease=30.0)} == {"a", "c"}
        assert [person for person, _ in await store.open_wakes(9)] == [RAVI]
