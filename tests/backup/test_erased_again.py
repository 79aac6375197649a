"""Whoever was erased after a backup is erased again when it is restored, before anybody has a conversation; nobody else is."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from pathlib import Path

import anyio
import anyio.to_thread
import pytest
from click.testing import CliRunner

from bot.adapters.media.tombstones import ROOM
from bot.adapters.sqlite.store import SqliteStore
from bot.app.backing_up import back_up, restore, tombstones_of
from bot.app.engines import open_engines
from bot.app.erasing import erase_person, find_remains
from bot.cli.migrate import migrate
from bot.ports.tombstones import Tombstone
from config.engagement import load_engagement
from config.settings import Settings, read_settings
from tests.e2e.plants import PLANTS, add_reading, add_turn, asha, left, ravi
from tests.store.made import record

RULES = load_engagement()


class Kept:
    """A backup in memory."""

    def __init__(self) -> None:
        self.bytes = b""

    async def store(self, parts: AsyncIterator[bytes]) -> None:
        self.bytes = b"".join([part async for part in parts])

    def reads(self) -> Callable[[int], Awaitable[bytes]]:
        """From its beginning."""
        stream = BytesIO(self.bytes)

        async def read(count: int) -> bytes:
            return stream.read(count)

        return read


async def test_a_restored_backup_brings_nobody_back_who_was_erased_since(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    then = time.time() - 1000.0
    older, newer = Kept(), Kept()
    async with open_engines(settings) as engines:
        for person in (asha(), ravi()):
            for name, (plant, _) in PLANTS.items():
                if name != "parked":
                    await plant(engines, person, then)
        of_ravi = await left(engines, ravi())
        assert await left(engines)
    await back_up(settings, older.store, behind=0.0)

    async with open_engines(settings) as engines:
        done = await erase_person(engines, RULES, asha(), time.time(), who="staff tester", why="asked by letter")
        assert done.outcome == "erased"
        receipt = str(done.facts["receipt"]).lower()
        [stone] = await engines.tombstones.all()
        assert (stone.receipt, stone.person) == (receipt, asha())
        later = time.time() + 5.0
        await add_turn(engines, asha(), later)  # she began anew, and has a right to what she wrote since
    await back_up(settings, newer.store, behind=-10.0)

    for path in [*settings.data_dir.glob("procare.sqlite*"), settings.data_dir / "valkey", settings.data_dir / "media"]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert await tombstones_of(newer.reads(), settings) == 1
    _, _, erased = await restore(settings, older.reads(), "staff tester")
    assert erased == 1
    async with open_engines(settings) as engines:
        findings = await find_remains(engines, RULES, asha())
        assert findings.left == []
        assert [one.id for one in findings.receipts] == [receipt]
        assert await engines.store.latest(asha()) is None
        assert await left(engines, ravi()) >= of_ravi - {"state/s", "state/seen", "timers/"}, "which come from the journal"
        entries = await engines.store.audit.entries()
        assert [(one.note.who, one.note.why) for one in entries if one.note.what == "erased"] == [
            ("restore", "erased before the backup was restored")
        ]
        # Made up by whoever can write where files lie: it erases nobody.
        forged = Tombstone("0" * 16, ravi(), (ravi(),), time.time())
        folder = settings.data_dir / "media" / ROOM
        proven = (folder / receipt).read_bytes()
        (folder / forged.receipt).write_bytes(
            proven.replace(receipt.encode(), b"0" * 16).replace(asha().encode(), ravi().encode())
        )
        (folder / "junk").write_bytes(b"junk")
        assert [one.receipt for one in await engines.tombstones.all()] == [receipt]


async def test_a_backup_from_before_ids_were_moved_brings_nobody_back_once_they_are_moved_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path / "data"))
    settings, kept = read_settings(), Kept()
    settings.data_dir.mkdir()
    async with SqliteStore.open(settings.data_dir / "procare.sqlite") as older:  # before there were keys
        await older.record([record("first", asha())])
    async with open_engines(settings) as engines:
        await add_reading(engines, asha(), 1000.0)
        await add_reading(engines, ravi(), 1000.0)
    await back_up(settings, kept.store, behind=0.0)
    await anyio.to_thread.run_sync(told)
    async with open_engines(settings) as engines:
        first = asha()
        await erase_person(engines, RULES, asha(), time.time(), who="staff tester", why="asked")
    for path in [*settings.data_dir.glob("procare.sqlite*"), settings.data_dir / "valkey"]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert (await restore(settings, kept.reads(), "staff tester"))[2] == 0, "under other ids"
    assert "1 erasures from after the backup" in await anyio.to_thread.run_sync(told)
    async with open_engines(settings) as engines:
        assert asha() == first
        assert await left(engines) == set()
        assert len(await engines.store.readings(ravi(), "glucose")) == 1


def told() -> str:
    result = CliRunner().invoke(migrate, ["--wait", "0"])
    assert result.exit_code == 0, result.output
    return result.output


async def test_what_came_after_the_erasure_stays_when_a_later_backup_is_restored(tmp_path: Path) -> None:
    settings, kept = Settings(data_dir=tmp_path / "data"), Kept()
    async with open_engines(settings) as engines:
        await erase_person(engines, RULES, asha(), time.time() - 100.0, who="staff tester", why="asked")
        await add_reading(engines, asha(), time.time() - 50.0)
    await back_up(settings, kept.store, behind=0.0)
    for path in [*settings.data_dir.glob("procare.sqlite*"), settings.data_dir / "valkey"]:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert (await restore(settings, kept.reads(), "staff tester"))[2] == 0, "the backup knows of it"
    async with open_engines(settings) as engines:
        assert len(await engines.store.readings(asha(), "glucose")) == 1
