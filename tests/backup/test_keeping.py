"""Backups by themselves: one after the other, old ones go, and one that was broken off leaves nothing behind."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import psutil
import pytest

from bot.backup import keeping
from bot.backup.keeping import keep_backing_up
from bot.backup.restic import Restic, ResticFailed

SCRIPT = """
import asyncio, sys
from pathlib import Path
from bot.backup.restic import Restic

async def endless():
    while True:
        yield b"x" * 65536
        print("going", flush=True)
        await asyncio.sleep(0.02)

asyncio.run(Restic(Path(sys.argv[1])).store(endless()))
"""


async def test_what_fails_is_told_and_tried_again_and_old_ones_go_once_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AGAIN", 0.001)
    stop, did, told = asyncio.Event(), list[str](), list[str]()

    async def back_up() -> None:
        did.append("backup")
        if did == ["backup"]:
            raise ResticFailed("no such host", code="restic")
        if did.count("backup") == 5:
            stop.set()
            await asyncio.sleep(60)  # it is given up
            did.append("never")

    async def tidy() -> None:
        did.append("tidy")
        if did.count("tidy") == 1:
            raise ResticFailed("locked", code="restic")

    async with asyncio.timeout(30):
        await keep_backing_up(back_up, tidy, 0.001, stop, told.append)
    assert did == ["backup", "backup", "tidy", "backup", "tidy", "backup", "backup"]
    assert told == ["failed: no such host (restic)", "failed: locked (restic)"]


@pytest.mark.services
async def test_a_backup_that_is_killed_leaves_none(tmp_path: Path, repository: str) -> None:
    restic = Restic(tmp_path / "cache")
    with pytest.raises(ResticFailed, match=f"{repository}.*`procare backup init` makes it"):
        await restic.snapshots()
    await restic.init()
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SCRIPT, str(tmp_path / "cache"), stdout=asyncio.subprocess.PIPE
    )
    assert killed.stdout is not None
    try:
        for _ in range(10):  # restic has opened the repository and taken some
            await killed.stdout.readline()
        children = psutil.Process(killed.pid).children()
    finally:
        killed.send_signal(signal.SIGKILL)
        await killed.communicate()
    assert children
    await asyncio.to_thread(psutil.wait_procs, children, 60)
    assert await restic.snapshots() == []


async def test_old_ones_of_all_containers_are_counted_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """restic's own way would keep so many of each host, and each container is one."""
    asked = tmp_path / "asked"
    (tmp_path / "restic").write_text(f'#!/bin/sh\nshift 3\necho "$*" >>{asked}\n')
    (tmp_path / "restic").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    await Restic(tmp_path).forget(48, 30)
    assert asked.read_text().splitlines() == [
        "unlock",
        "forget --tag procare --group-by  --keep-hourly 48 --keep-daily 30 --prune",
    ]
