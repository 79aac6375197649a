"""``procare sagas``: what staff see of bookings."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from agents.care_coordinator.booking import read, written
from bot.adapters.sqlite import SqliteStore
from bot.cli.main import commands
from config.clinic import load_clinic
from tests.agents.care_coordinator.booking import book, clinic, paid_and_told, visit
from tests.agents.care_coordinator.world import RAVI, World


async def bookings(path: Path) -> tuple[str, str]:
    world = World(clinic())
    await paid_and_told(world)
    await book(world, "ravi", "rao@20261124T050000Z", RAVI)
    waits = visit(world, RAVI)
    await world.ask("link", "payment_link", RAVI, bill=waits)
    stuck = await world.documents.get("booking", waits)
    assert stuck is not None
    booking = read(stuck)
    trouble = replace(booking, saga=replace(booking.saga, tries=9, trouble="razorpay_401"))
    async with SqliteStore.open(path / "procare.sqlite") as store:
        for document in world.documents.kept.values():
            await store.documents.save(replace(document, version=0))
        await store.documents.save(written(replace(stuck, version=1), trouble, load_clinic().booking, world.now))
        owing = replace(trouble, saga=replace(trouble.saga, id="vowing", state="expired"))
        await store.documents.save(written(replace(stuck, id="vowing", version=0), owing, load_clinic().booking, world.now))
    return visit(world), waits


def told(*arguments: str) -> str:
    answer = CliRunner().invoke(commands, ["sagas", *arguments])
    assert answer.exit_code == 0, answer.output
    return answer.output


def test_bookings_are_listed_and_shown_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))
    done, waits = asyncio.run(bookings(tmp_path))
    assert done not in told("list")
    assert "needs a person" in told("list")
    assert "vowing" in told("list")  # it has ended, and its money could not be sent back
    assert waits in told("list", "--stuck")
    assert done in told("list", "--all")
    assert waits not in told("list", "--state", "booked")
    shown = told("show", done)
    assert "state     booked" in shown
    assert "kept      ₹500" in shown
    assert "happened  -" in shown
    assert "Asha" not in shown
    assert "9 in a row: razorpay_401" in told("show", waits)
    assert CliRunner().invoke(commands, ["sagas", "show", "nothing"]).exit_code == 1
