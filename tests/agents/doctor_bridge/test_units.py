"""In which unit the care team reads sugar: their own, their clinic's, else mg/dL with the patient's beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from agents.doctor_bridge.agent import DoctorBridge
from agents.doctor_bridge.duty import Duty
from agents.doctor_bridge.summary import matter_facts, sugar_for
from bot.adapters.sqlite import SqliteStore
from config.care_team import CareTeam
from tests.agents.doctor_bridge.clinic import ASHAS, MEHTA, MEHTAS, POLICY, TEAM, of, town_of

FACTOR = POLICY.ranges.mg_dl_per_mmol_l


def team(clinic: str | None = None, **members: str) -> CareTeam:
    data = TEAM.model_dump()
    data["clinics"]["main"]["unit"] = clinic
    for one in data["members"]:
        one |= {"phone": f"+{one['phone']}", "unit": members.get(one["id"])}
    return CareTeam.model_validate(data)


@pytest.mark.parametrize(
    ("own", "patients", "told", "before"),
    [
        (None, "", "182 mg/dL", "65.5"), (None, "mg/dL", "182 mg/dL", "65.5"),
        (None, "mmol/L", "182 mg/dL (10.1 mmol/L)", "65.5"),
        ("mmol/L", "mg/dL", "10.1 mmol/L", "3.6"), ("mmol/L", "mmol/L", "10.1 mmol/L", "3.6"),
        ("mg/dL", "mmol/L", "182 mg/dL", "65.5"),
    ],
)  # fmt: skip
def test_a_value_in_the_readers_unit(own: str | None, patients: str, told: str, before: str) -> None:
    sugar = sugar_for(own, patients, FACTOR)
    assert (sugar.told(182.0), sugar.bare(65.5)) == (told, before)
    assert matter_facts("low_sugar", {"value": 182.0, "ketones": 1.6}, sugar)["given_value"] == told
    assert matter_facts("high_sugar", {"value": 182.0, "ketones": 1.6}, sugar)["given_ketones"] == "1.6"
    assert matter_facts("other", {"value": 182.0}, sugar)["given_value"] == "182"


def test_a_members_own_unit_goes_before_the_clinics() -> None:
    duty = Duty(team("mmol/L", rao="mg/dL"))
    assert [duty.unit(id_) for id_ in ("mehta", "rao", "far", "nobody")] == ["mmol/L", "mg/dL", None, None]
    with pytest.raises(ValidationError):
        team("grams")


@pytest.mark.parametrize(
    ("clinic", "patient", "line"),
    [
        ("mmol/L", "mg/dL", "Sugar: 10.1 mmol/L, fasting"),
        (None, "mmol/L", "Sugar: 182 mg/dL (10.1 mmol/L), fasting"),
        (None, "mg/dL", "Sugar: 182 mg/dL, fasting"),
    ],
)
async def test_the_screen_of_a_case(clinic: str | None, patient: str, line: str, tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        town: Any = town_of(store)
        town.agents["doctor_bridge"] = DoctorBridge(store, POLICY.model_copy(update={"care_team": team(clinic)}))
        town.settle_in(ASHAS, unit=patient)
        await town.write(ASHAS, "my sugar is 182 mg/dl fasting")
        await town.write(ASHAS, "I have chest pain")
        said = await town.tap(MEHTAS, "take")
        assert line in of(said, MEHTA)


@pytest.mark.parametrize(
    ("clinic", "patient", "line"),
    [
        ("mmol/L", "mg/dL", "Sugar in mmol/L: fasting 5.0–7.0, before a meal 4.4–7.2, after"),
        (None, "mmol/L", "Sugar in mg/dL: fasting 90–126 (5.0–7.0 mmol/L)"),
        (None, "mg/dL", "Sugar in mg/dL: fasting 90–126, before"),
    ],
)
async def test_the_targets_that_hold(clinic: str | None, patient: str, line: str, tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        town: Any = town_of(store)
        town.agents["doctor_bridge"] = DoctorBridge(store, POLICY.model_copy(update={"care_team": team(clinic)}))
        town.settle_in(ASHAS, unit=patient)
        await town.write(ASHAS, "I have chest pain")
        await town.tap(MEHTAS, "take")
        said = await town.write(MEHTAS, "target fasting 5-7" if clinic else "target fasting 90-126")
        assert line in of(said, MEHTA)
