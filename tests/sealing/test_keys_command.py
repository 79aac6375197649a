"""The keys are changed with commands, while what is stored stays readable."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.app.desks import open_store
from bot.cli.keys import keys
from config.settings import read_settings
from tests.sealed import MASTER_KEY
from tests.store.made import ASHA, record


def run(*words: str) -> str:
    result = CliRunner().invoke(keys, list(words), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


async def _store(names: list[str]) -> list[str]:
    async with open_store(read_settings()) as store:
        await store.record([record(name) for name in names])
        return [one.id for one in await store.records(ASHA, "consent")]


def test_master_key_and_data_key_are_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))
    asyncio.run(_store(["r"]))
    assert [line.split()[0:2] for line in run("status").splitlines()] == [["data", "1"], ["index", "1"], ["people", "1"]]
    assert "data key 2" in run("rotate")
    seals = [" seals " in line for line in run("status").splitlines()]
    assert seals == [True, False, False, False], "the new one waits until everybody knows it"
    assert CliRunner().invoke(keys, ["reencrypt"]).exit_code == 1, "not before every process uses the new key"
    new = run("new").strip()
    monkeypatch.setenv("PROCARE_MASTER_KEY", f"{new},{MASTER_KEY}")
    assert "4 keys wrapped anew" in run("rewrap")
    monkeypatch.setenv("PROCARE_MASTER_KEY", new)
    assert asyncio.run(_store([])) == ["r"]


def test_everything_is_encrypted_with_the_newest_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))
    asyncio.run(_store(["r", "s"]))
    monkeypatch.setattr("bot.sealing.keyring.LEAD", -1000.0)  # as if the rotation were long ago
    run("rotate")
    told = [line.split()[:2] for line in run("reencrypt", "--per-second", "100000").splitlines()]
    assert told == [["store", "2"], ["sessions", "0"], ["media", "0"]]
    assert asyncio.run(_store([])) == ["s", "r"]
