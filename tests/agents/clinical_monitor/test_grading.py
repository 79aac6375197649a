"""Grades follow the numbers in config/clinical.yaml."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.clinical_monitor.grading import grade_glucose
from config.clinical import Band
from config.policy import load_policy

LIMITS = load_policy().clinical.glucose
TARGET = LIMITS.targets["default"].band("fasting")


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        (19, "implausible"), (20, "critical_low"), (53.9, "critical_low"), (54, "low"), (69.9, "low"), (70, "in_range"),
        (130, "in_range"), (131, "above_target"), (250, "above_target"), (251, "high"), (299.9, "high"), (300, "very_high"),
        (599, "very_high"), (600, "critical_high"), (1000, "critical_high"), (1001, "implausible"),
    ],
)  # fmt: skip
def test_borders(value: float, grade: str) -> None:
    assert grade_glucose(value, TARGET, LIMITS) == grade


@given(st.floats(20, 1000), st.floats(30, 200), st.floats(60, 500))
def test_no_target_softens_a_dangerous_value(value: float, low: float, high: float) -> None:
    grade = grade_glucose(value, Band(low=low, high=high), LIMITS)
    if value < 54:
        assert grade == "critical_low"
    if value >= 600:
        assert grade == "critical_high"
    if 70 <= value <= 250 and value <= high:
        assert grade == "in_range"
