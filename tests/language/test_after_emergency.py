"""What flows may know of clinical limits, and the flow that starts after an emergency."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.limits import LIMITS, LimitsOf
from bot.handwritten.finding import Unreadable
from bot.understanding.ranges import Ranges
from tests.dialogue.edition import edition
from tests.dialogue.talk import ROOT, policy


def test_a_limit_that_nobody_set_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"limits\.lowest"):
        edition(tmp_path, ("flows/log_glucose.yaml", "glucose < limits.low ", "glucose < limits.lowest "))


def test_flows_and_alarms_use_the_same_numbers() -> None:
    limits, danger = LimitsOf(policy()), Ranges.load(ROOT / "config/readings.yaml").danger
    assert set(limits) == LIMITS
    assert all(limits.values())
    assert limits["low"] == danger.glucose_low_below
    assert limits["critical_low"] == danger.glucose_critical_below
    assert limits["very_high"] == danger.glucose_very_high_from
    assert limits["critical_high"] == danger.glucose_extreme_from
    assert limits["systolic_severe"] == danger.systolic_severe_from
    assert limits["diastolic_severe"] <= danger.diastolic_severe_from
    assert limits["spo2_low"] == danger.spo2_urgent_below
    assert limits["spo2_critical_low"] == danger.spo2_emergency_below
    assert limits["fever"] == danger.fever_from
    assert limits["ketones_raised"] == danger.ketones_urgent_from
    assert limits["ketones_critical"] == danger.ketones_emergency_from


def test_only_a_flow_that_first_lets_time_pass_may_start_after_an_emergency(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="nothing more is said at once"):
        edition(tmp_path, ("flows/hello.yaml", "starts_on: {intent: greet}", "starts_on: {intent: greet, emergency: true}"))
