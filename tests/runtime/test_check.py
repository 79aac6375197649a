"""What ``procare check`` makes of an engine's answer, and of a disk."""

from __future__ import annotations

from pathlib import Path
from shutil import _ntuple_diskusage as usage

import pytest

from bot.cli import check
from bot.errors import ConfigError, SessionsUnavailable


async def test_an_engine_that_cannot_write_is_said_to_have_a_full_disk(capsys: pytest.CaptureFixture[str]) -> None:
    async def ask() -> str:
        raise SessionsUnavailable(code="redis_misconf")

    assert not await check._try("sessions", "Redis", ask)
    assert "is the disk full?" in capsys.readouterr().out


def test_the_disk_of_a_folder_that_is_not_made_yet_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "not" / "there"
    assert "GB free" in check._room(folder)
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(10**9, 10**9 - 1, 1) if path == tmp_path else None)
    with pytest.raises(ConfigError, match="engines stop writing when it is full") as full:
        check._room(folder)
    assert full.value.code == "disk_full"
