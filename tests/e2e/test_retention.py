"""``procare retention``: a dry run changes nothing, and a run that is killed leaves nothing half done."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from bot.app.desks import open_store
from config.settings import Settings
from tests.e2e.at_hand import run_here
from tests.e2e.service import PROCARE, environment
from tests.store.made import delivery

MANY = 6000  # three steps of the job


def test_a_dry_run_tells_and_changes_nothing_and_the_command_deletes(folder: Path) -> None:
    settings = Settings(data_dir=folder / "data")

    async def fill() -> None:
        async with open_store(settings) as store:
            now = time.time()
            await store.save_deliveries([delivery("old", "sent", now - 500 * 86_400), delivery("young", "sent", now)])

    async def held() -> list[bool]:
        async with open_store(settings) as store:
            return [await store.delivery(delivery(name, "sent", 0.0).id) is not None for name in ("old", "young")]

    asyncio.run(fill())
    dry = run_here(folder, {"data_dir": settings.data_dir}, "retention", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "deliveries     older than 400 days: 1" in dry.stdout
    assert "would be deleted" in dry.stdout
    assert asyncio.run(held()) == [True, True]
    done = run_here(folder, {"data_dir": settings.data_dir}, "retention")
    assert "deliveries     older than 400 days: 1" in done.stdout
    assert asyncio.run(held()) == [False, True]


def test_a_run_that_is_killed_is_gone_on_with(folder: Path) -> None:
    """Wherever the kill meets it, also before its first step or behind its last."""
    settings = Settings(data_dir=folder / "data")
    names = [(f"o{number}", 500) for number in range(MANY)] + [(f"y{number}", 1) for number in range(10)]

    async def fill() -> None:
        async with open_store(settings) as store:
            now = time.time()
            await store.save_deliveries([delivery(name, "sent", now - days * 86_400.0) for name, days in names])

    asyncio.run(fill())
    database = folder / "data" / "procare.sqlite"
    process = subprocess.Popen(
        [str(PROCARE), "retention"], cwd=folder, env=environment({"data_dir": settings.data_dir}), stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while process.poll() is None and not _begun(database, len(names)):
            time.sleep(0.001)
    finally:
        process.kill()
        process.wait()
    with closing(sqlite3.connect(database)) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert _deliveries(database) >= 10
    done = run_here(folder, {"data_dir": settings.data_dir}, "retention")
    assert done.returncode == 0, done.stderr
    assert _deliveries(database) == 10


def _begun(database: Path, before: int) -> bool:
    try:
        return _deliveries(database) != before
    except sqlite3.OperationalError:  # just being opened or closed: we look again
        return False


def _deliveries(database: Path) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60.0)) as opened:
        return int(opened.execute("SELECT count(*) FROM deliveries").fetchone()[0])
