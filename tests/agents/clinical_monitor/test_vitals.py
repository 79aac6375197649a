"""Pressure, pulse, oxygen, temperature, ketones and HbA1c follow the numbers in config/clinical.yaml."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.clinical_monitor import vitals
from config.clinical import PressureGoal
from config.policy import load_policy

POLICY = load_policy()
CLINICAL = POLICY.clinical
GOAL = CLINICAL.blood_pressure.targets["default"]


@pytest.mark.parametrize(
    ("systolic", "diastolic", "pregnant", "grade"),
    [
        (129, 79, False, "in_range"), (130, 79, False, "above_target"), (129, 80, False, "above_target"),
        (140, 70, False, "high"), (120, 90, False, "high"), (180, 90, False, "severe"), (150, 110, False, "severe"),
        (179, 109, False, "high"), (160, 95, True, "severe"), (160, 95, False, "high"), (89, 70, False, "low"),
        (100, 59, False, "low"), (185, 55, False, "severe"),
    ],
)  # fmt: skip
def test_pressure(systolic: float, diastolic: float, pregnant: bool, grade: str) -> None:
    assert vitals.grade_pressure(systolic, diastolic, GOAL, CLINICAL.blood_pressure, pregnant=pregnant) == grade


@given(st.floats(60, 260), st.floats(30, 160), st.floats(90, 200), st.floats(50, 120), st.booleans())
def test_no_goal_softens_a_severe_pressure(systolic: float, diastolic: float, high: float, low: float, pregnant: bool) -> None:
    goal = PressureGoal(systolic=high, diastolic=low, source="")
    grade = vitals.grade_pressure(systolic, diastolic, goal, CLINICAL.blood_pressure, pregnant=pregnant)
    assert (grade == "severe") == (systolic >= (160 if pregnant else 180) or diastolic >= 110)


@pytest.mark.parametrize(
    ("systolic", "diastolic", "possible"),
    [
        (130, 85, True),
        (85, 130, False),
        (120, 111, False),
        (120, 110, True),
        (59, 40, False),
        (261, 100, False),
        (200, 161, False),
    ],
)
def test_what_a_meter_can_show(systolic: float, diastolic: float, possible: bool) -> None:
    assert vitals.possible_pressure(systolic, diastolic, POLICY.ranges) is possible


@pytest.mark.parametrize(
    ("beats", "grade"), [(39, "critical_low"), (40, "low"), (49, "low"), (50, "in_range"), (120, "in_range"), (121, "high"),
                         (150, "high"), (151, "critical_high")],
)  # fmt: skip
def test_pulse(beats: float, grade: str) -> None:
    assert vitals.grade_pulse(beats, CLINICAL.heart_rate) == grade


@pytest.mark.parametrize(
    ("percent", "own", "grade"),
    [(94, None, "in_range"), (93, None, "low"), (90, None, "low"), (89, None, "critical_low"),
     (91, 90.0, "in_range"), (89, 88.0, "critical_low")],
)  # fmt: skip
def test_oxygen_and_the_own_range_of_somebody_with_lung_disease(percent: float, own: float | None, grade: str) -> None:
    assert vitals.grade_oxygen(percent, CLINICAL.spo2, own) == grade


@pytest.mark.parametrize(
    ("celsius", "grade"), [(34.9, "cold"), (35.0, "in_range"), (37.9, "in_range"), (38.0, "fever"), (39.4, "high_fever")]
)
def test_temperature(celsius: float, grade: str) -> None:
    assert vitals.grade_temperature(celsius, CLINICAL.temperature) == grade


@pytest.mark.parametrize(
    ("value", "pregnant", "grade"),
    [(1.4, False, "in_range"), (1.5, False, "raised"), (2.9, False, "raised"), (3.0, False, "critical"), (1.5, True, "critical")],
)
def test_ketones(value: float, pregnant: bool, grade: str) -> None:
    assert vitals.grade_ketones(value, CLINICAL.ketones, pregnant=pregnant) == grade


def test_hba1c_is_within_the_goal_below_it() -> None:
    assert [vitals.grade_hba1c(value, 7.0) for value in (6.9, 7.0)] == ["in_range", "above_target"]
