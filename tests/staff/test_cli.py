"""Accounts from the command line: made, listed, changed, closed, opened, reset; each change in the audit log."""

from __future__ import annotations

import re
from pathlib import Path

import anyio
import pyotp
import pytest
from click.testing import CliRunner, Result

from bot.app.desks import open_store
from bot.cli.main import commands
from bot.staff.accounts import Accounts
from config.settings import read_settings
from config.staff import load_staff_rules

PASSWORD = "correct horse battery"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))

    def call(*words: str, password: str = "") -> Result:
        return CliRunner().invoke(commands, ["staff", *words], input=f"{password}\n" * 2)

    return call


def test_an_account_from_its_making_to_its_end(run) -> None:  # type: ignore[no-untyped-def]
    made = run("add", "Asha", "--role", "clinician", "--role", "auditor", password=PASSWORD)
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    secret = re.search(r"secret +([A-Z2-7]{32})", made.output)
    assert secret
    assert f"secret={secret[1]}" in made.output
    assert "already" in run("add", "asha", "--role", "content", password=PASSWORD).output
    assert "12 to 256" in run("add", "ravi", "--role", "content", password="short").output
    assert "login has" in run("add", "sso:x", "--role", "content", password=PASSWORD).output
    listed = run("list").output
    assert "asha" in listed
    assert "clinician, auditor" in listed
    assert secret[1] not in listed

    async def enters(secret: str, now: float) -> bool:
        async with open_store(read_settings()) as store:
            accounts = Accounts(store, load_staff_rules())
            return await accounts.sign_in("asha", PASSWORD, pyotp.TOTP(secret).at(int(now)), now) is not None

    now = 1_790_000_000.0
    assert anyio.run(enters, secret[1], now)
    assert "closed" in run("close", "asha").output
    assert not anyio.run(enters, secret[1], now + 60)
    assert "open" in run("open", "asha").output
    assert "translator" in run("roles", "asha", "--role", "translator").output
    assert run("reset", "asha", "--password", PASSWORD).exit_code == 2, "words of a command stand in the list of processes"
    again = run("reset", "asha", password=PASSWORD)
    assert again.exit_code == 0
    assert secret[1] not in again.output
    assert not anyio.run(enters, secret[1], now + 120)
    assert "no account" in run("close", "nobody").output

    async def noted() -> list[str]:
        async with open_store(read_settings()) as store:
            return [one.note.what for one in await store.audit.entries() if "sign" not in one.note.what]

    assert anyio.run(noted) == ["made an account", "closed an account", "opened an account", "changed roles", "reset an account"]
