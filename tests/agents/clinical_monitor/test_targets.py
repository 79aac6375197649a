"""Targets by pregnancy, illness and age, and the doctor's, which go before all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.clinical_monitor.grading import grade_glucose
from agents.clinical_monitor.targets import About, DoctorsTargets, doctors_targets, glucose_band, hba1c_goal, pressure_goal
from bot.errors import Malformed
from config.policy import load_policy

CLINICAL = load_policy().clinical
NONE = DoctorsTargets()


def band(context: str | None, about: About, own: DoctorsTargets = NONE) -> tuple[float, float]:
    found = glucose_band(context, about, own, CLINICAL)
    return found.low, found.high


def test_glucose_by_group() -> None:
    assert band("fasting", About(frozenset({"type_1"}), age=40)) == (80, 130)
    assert band("fasting", About(frozenset({"type_2"}), age=64)) == (80, 130)
    assert band("fasting", About(frozenset({"type_2"}), age=65)) == (90, 150)
    assert band("fasting", About(frozenset({"gestational"}), age=30)) == (70, 95)
    assert band("after_meal", About(frozenset({"type_1"}), pregnant=True, age=70)) == (70, 140)
    assert band(None, About()) == (80, 180)
    assert band("fasting", About(frozenset({"type_2", "pregnant", "kidney"}), age=66)) == (70, 95)


def test_the_doctors_band_goes_before_the_groups_and_their_general_one_stands_in_for_contexts() -> None:
    own = DoctorsTargets(glucose={"fasting": (100.0, 140.0), "unknown": (100.0, 200.0)})
    about = About(frozenset({"gestational"}))
    assert band("fasting", about, own) == (100, 140)
    assert band("bedtime", about, own) == (100, 200)
    assert band("bedtime", about, DoctorsTargets(glucose={"fasting": (100.0, 140.0)})) == (70, 120)


def test_pressure_by_illness_before_age_and_pregnancy_before_all() -> None:
    def goal(about: About, own: DoctorsTargets = NONE) -> tuple[float, float]:
        found = pressure_goal(about, own, CLINICAL)
        return found.systolic, found.diastolic

    assert goal(About(age=50)) == (130, 80)
    assert goal(About(age=70)) == (140, 90)
    assert goal(About(frozenset({"kidney"}), age=70)) == (130, 80)
    assert goal(About(frozenset({"heart_failure", "gestational"}))) == (140, 90)
    assert goal(About(age=70), DoctorsTargets(systolic=125.0)) == (125, 90)
    assert goal(About(frozenset({"type_2", "pregnant", "kidney"}))) == (140, 90)
    strict = CLINICAL.blood_pressure.targets["kidney"].model_copy(
        update={"systolic": 120.0, "diastolic": 85.0, "source": "kidneys"}
    )
    pressure = CLINICAL.blood_pressure.model_copy(update={"targets": {**CLINICAL.blood_pressure.targets, "kidney": strict}})
    found = pressure_goal(
        About(frozenset({"heart_failure", "kidney"})), NONE, CLINICAL.model_copy(update={"blood_pressure": pressure})
    )
    assert (found.systolic, found.diastolic) == (120, 80)  # of each the strictest
    assert found.source.endswith("; kidneys")


def test_hba1c_goals() -> None:
    assert [hba1c_goal(about, NONE, CLINICAL) for about in (About(), About(age=80), About(pregnant=True))] == [7.0, 8.0, 6.0]
    assert hba1c_goal(About(), DoctorsTargets(hba1c=6.5), CLINICAL) == 6.5


@given(st.sets(st.sampled_from(["type_1", "gestational", "kidney"])), st.booleans(), st.integers(1, 110), st.floats(20, 1000),
       st.sampled_from([None, "fasting", "bedtime"]), st.tuples(st.floats(60, 150), st.floats(151, 250)))  # fmt: skip
def test_danger_is_the_same_for_everybody(
    conditions: set[str], pregnant: bool, age: int, value: float, context: str | None, own: tuple[float, float]
) -> None:
    about = About(frozenset(conditions), pregnant, age)
    doctors = DoctorsTargets(glucose={"unknown": own})
    grades = {grade_glucose(value, glucose_band(context, about, one, CLINICAL), CLINICAL.glucose) for one in (NONE, doctors)}
    grades.add(grade_glucose(value, glucose_band(context, About(), NONE, CLINICAL), CLINICAL.glucose))
    if value < 70 or value > 250:
        assert len(grades) == 1
    else:
        assert grades <= {"in_range", "above_target"}


@pytest.mark.parametrize(
    "data",
    [
        {"glucose": {"fasting": {"low": 130, "high": 80}}}, {"glucose": {"fasting": {"low": 5, "high": 7}}},
        {"glucose": {"brunch": {"low": 80, "high": 130}}}, {"glucose": {"fasting": {"low": 80}}}, {"glucose": 5},
        {"blood_pressure": {"systolic": 1300}}, {"hba1c": True}, {"spo2_low": 70}, {"hba1c": "7"},
    ],
)  # fmt: skip
def test_a_slip_of_the_doctors_finger_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        doctors_targets(data, CLINICAL)


def test_what_a_doctor_sets() -> None:
    data = {"glucose": {"fasting": {"low": 90, "high": 130}}, "blood_pressure": {"systolic": 125}, "hba1c": 7, "spo2_low": 88}
    assert doctors_targets(data, CLINICAL) == DoctorsTargets({"fasting": (90.0, 130.0)}, 125.0, None, 7.0, 88.0)
