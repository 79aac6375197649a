"""Several clinics in one installation: who writes to a clinic's own number is told to nobody of another."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.doctor_bridge.agent import DoctorBridge
from bot.adapters.sqlite import SqliteStore
from config.care_team import CareTeam
from tests.agents.doctor_bridge.clinic import ASHA, ASHAS, FARS, MEHTAS, POLICY, TEAM, member, of, to
from tests.agents.town import Town


def team_of(numbers: dict[str, list[str]], **more: object) -> CareTeam:
    clinics = {name: {"name": name, "zone": "Asia/Kolkata", "numbers": numbers.get(name, [])} for name in ("main", "far")}
    members = [member("mehta", "doctor", "Dr Mehta", MEHTAS), member("far", "doctor", "Dr Far", FARS, "far", **more)]
    return CareTeam.model_validate({"clinics": clinics, "members": members})


async def test_a_request_and_an_alarm_go_to_the_clinic_whose_number_the_patient_writes_to(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        team = team_of({"far": ["main"]})  # the town's people write to the number "main"
        policy = POLICY.model_copy(update={"care_team": team})
        town = Town(
            store, {"clinical_monitor": ClinicalMonitor(store, policy), "doctor_bridge": DoctorBridge(store, policy)}, team=team
        )
        town.settle_in(ASHAS)
        await town.write(ASHAS, "human")
        await town.tap(ASHAS, "medicine")
        assert to(await town.tap(ASHAS, "today")) == ["Dr Far", "Asha"]
        assert set(to(await town.write(ASHAS, "I have chest pain"))) == {"Asha", "Dr Far"}
        assert "Dr Mehta" not in to(await town.pass_time(3600))
        assert "Nobody whom I told has answered: Dr Far" in of(town.said, ASHA)


async def test_where_a_clinics_own_people_are_away_no_other_clinic_is_asked(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        team = team_of({"far": ["main"]}, hours={})
        policy = POLICY.model_copy(update={"care_team": team})
        town = Town(
            store, {"clinical_monitor": ClinicalMonitor(store, policy), "doctor_bridge": DoctorBridge(store, policy)}, team=team
        )
        town.settle_in(ASHAS)
        assert to(await town.write(ASHAS, "I have chest pain")) == ["Asha", "Asha"]
        assert "I could not tell anybody from here." in of(town.said, ASHA)
        await town.write(ASHAS, "human")
        await town.tap(ASHAS, "medicine")
        assert to(await town.tap(ASHAS, "today")) == ["Asha"]
        assert "I could not reach the care team just now" in of(town.said, ASHA)


def test_a_number_belongs_to_one_clinic_and_says_nothing_where_it_is_not_named() -> None:
    with pytest.raises(ValidationError, match="two clinics have the same number"):
        team_of({"main": ["a"], "far": ["b", "a"]})
    team = team_of({"far": ["b"]})
    assert (team.clinic_of("b"), team.clinic_of("a"), team.clinic_of(None), TEAM.clinic_of("main")) == ("far", None, None, None)
    assert (team.clinic_for("b"), team.clinic_for("a"), team.without_number()) == ("far", "main", ())
    on_call = team_of({"main": ["a"]}).model_copy(update={"on_call": "main"})
    assert (on_call.clinic_for("x"), on_call.without_number()) == ("main", ("far",))
    with pytest.raises(ValidationError, match="'west' is not among the clinics"):
        CareTeam(clinics=team.clinics, members=team.members, on_call="west")


async def test_whose_number_names_no_clinic_is_told_to_the_people_on_call_and_to_no_other_clinic(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        team = team_of({"main": ["procare-main"]}, emergencies="always").model_copy(update={"on_call": "far"})
        policy = POLICY.model_copy(update={"care_team": team})
        town = Town(
            store, {"clinical_monitor": ClinicalMonitor(store, policy), "doctor_bridge": DoctorBridge(store, policy)}, team=team
        )
        town.settle_in(ASHAS)
        assert set(to(await town.write(ASHAS, "I have chest pain"))) == {"Asha", "Dr Far"}
        assert "Dr Mehta" not in to(await town.pass_time(3600))
        await town.write(ASHAS, "human")
        await town.tap(ASHAS, "medicine")
        assert "Dr Mehta" not in to(await town.tap(ASHAS, "today"))
