"""Medicines as told: listed, added, replaced, taken, skipped; symptoms kept and weighed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.sqlite import SqliteStore
from tests.agents.clinical_monitor.home import ASHA, NOON, Home, known


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        await known(store)
        yield Home(store)


async def test_the_list_is_what_was_told_and_the_same_name_again_replaces_it(home: Home) -> None:
    assert (await home.ask("list_medicines")).outcome == "none"
    await home.ask("add_medicine", "m1", name="Metformin 500", times="morning and night")
    await home.ask("add_medicine", "m2", name="Aspirin", at=NOON + 1)
    await home.ask("add_medicine", "m3", name="metformin 500", times="morning", at=NOON + 2)
    for _ in range(2):
        await home.ask("add_medicine", "m1", name="Metformin 500", times="morning and night")
    listed = await home.ask("list_medicines")
    assert (listed.outcome, listed.facts) == ("listed", {"medicines": "• Aspirin\n• metformin 500: morning", "count": 2})
    assert (await home.ask("end_medicine", name="Aspirin", by="Dr Mehta")).outcome == "ended"
    assert (await home.ask("end_medicine", name="Tea")).outcome == "unknown"
    assert (await home.ask("list_medicines")).facts["count"] == 1


async def test_a_corrected_name_takes_the_place_of_the_wrong_one(home: Home) -> None:
    await home.ask("add_medicine", "m1", name="Metfromin")
    await home.ask("add_medicine", "m2", name="Metformin", supersedes="m1", at=NOON + 1)
    assert (await home.ask("list_medicines")).facts["medicines"] == "• Metformin"


async def test_a_long_list_is_cut_to_what_a_message_takes(home: Home) -> None:
    for number in range(12):
        await home.ask("add_medicine", name=f"Medicine number {number} " + "x" * 60, at=NOON + number)
    facts = (await home.ask("list_medicines")).facts
    assert facts["count"] == 12
    assert len(facts["medicines"]) <= 700


async def test_taken_without_a_name_is_asked_about_only_when_several_could_be_meant(home: Home) -> None:
    assert (await home.ask("record_medicine", status="taken")).outcome == "recorded"
    await home.ask("add_medicine", name="Metformin")
    assert (await home.ask("record_medicine", status="taken")).facts == {"medicine": "Metformin"}
    await home.ask("add_medicine", name="Aspirin", at=NOON + 1)
    asked = await home.ask("record_medicine", status="taken")
    assert (asked.outcome, asked.facts) == ("which", {"due": "Metformin\nAspirin"})
    assert (await home.ask("record_medicine", status="taken", text="took my aspirin")).facts == {"medicine": "Aspirin"}
    assert (await home.ask("record_medicine", status="taken", medicine="the white one")).outcome == "recorded"
    assert len(await home.store.records(ASHA, "medicine_taken")) == 4


async def test_a_skipped_dose_keeps_its_reason_and_units_are_kept_as_told(home: Home) -> None:
    for _ in range(2):
        await home.ask("record_medicine", "s", status="skipped", medicine="Metformin", reason="cost")
    [skipped] = await home.store.records(ASHA, "medicine_taken")
    assert skipped.data == {"medicine": "Metformin", "status": "skipped", "reason": "cost"}
    await home.ask("record_medicine", "i", status="taken", units=12, raw="12 units")
    await home.ask("record_medicine", "j", status="taken", units=10, raw="10 units", supersedes="i")
    assert await home.kept("insulin_dose") == [(10, None)]


async def test_a_symptom_is_kept_and_weighed(home: Home) -> None:
    result = await home.ask("report_symptom", "s", text="my foot burns", since="week", how_bad="moderate", red="no")
    assert result.outcome == "see_today"
    [kept] = await home.store.records(ASHA, "symptom")
    assert kept.data["weighed"] == "see_today"
    assert (await home.ask("report_symptom", text="dizzy", red="yes")).outcome == "emergency"
