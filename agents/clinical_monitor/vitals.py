"""Grade the other readings: pressure, pulse, oxygen, temperature, ketones, HbA1c. Every number comes from config/clinical.yaml.

As with glucose, what is dangerous never depends on a target; a target only divides what is not.
"""

from __future__ import annotations

from typing import Literal

from config.clinical import BloodPressure, HeartRate, Ketones, Limit, PressureGoal, Ranges, Spo2, Temperature

PressureGrade = Literal["severe", "low", "high", "above_target", "in_range"]


def below(value: float, limit: Limit) -> bool:
    """False also where the limit has no ``below``."""
    return limit.below is not None and value < limit.below


def reaches(value: float, limit: Limit) -> bool:
    """At or above a limit that is given as ``from``, beyond one that is given as ``above``."""
    if limit.at_least is not None:
        return value >= limit.at_least
    return limit.above is not None and value > limit.above


def possible_pressure(systolic: float, diastolic: float, ranges: Ranges) -> bool:
    """Whether a home meter can have shown this pair."""
    inside = ranges.possible("systolic", systolic) and ranges.possible("diastolic", diastolic)
    return inside and systolic - diastolic >= ranges.minimum_pulse_pressure


def grade_pressure(
    systolic: float, diastolic: float, goal: PressureGoal, limits: BloodPressure, *, pregnant: bool = False
) -> PressureGrade:
    """The worse of the two values decides. Severe goes before low: a great gap between the two is no calm reading."""
    severe = [(systolic, limits.systolic_severe), (diastolic, limits.diastolic_severe)]
    if pregnant:
        severe += [(systolic, limits.systolic_severe_pregnancy), (diastolic, limits.diastolic_severe_pregnancy)]
    if any(reaches(value, limit) for value, limit in severe):
        return "severe"
    if below(systolic, limits.systolic_low) or below(diastolic, limits.diastolic_low):
        return "low"
    if reaches(systolic, limits.systolic_high) or reaches(diastolic, limits.diastolic_high):
        return "high"
    if systolic >= goal.systolic or diastolic >= goal.diastolic:
        return "above_target"
    return "in_range"


def grade_pulse(beats: float, limits: HeartRate) -> Literal["critical_low", "critical_high", "low", "high", "in_range"]:
    """``beats`` a minute, at rest."""
    if below(beats, limits.critical_low):
        return "critical_low"
    if reaches(beats, limits.critical_high):
        return "critical_high"
    if below(beats, limits.low):
        return "low"
    return "high" if reaches(beats, limits.high) else "in_range"


def grade_oxygen(percent: float, limits: Spo2, own_low: float | None = None) -> Literal["critical_low", "low", "in_range"]:
    """``own_low``: where low begins for somebody with lung disease, as their doctor has set it."""
    if below(percent, limits.critical_low):
        return "critical_low"
    low = percent < own_low if own_low is not None else below(percent, limits.low)
    return "low" if low else "in_range"


def grade_temperature(celsius: float, limits: Temperature) -> Literal["cold", "high_fever", "fever", "in_range"]:
    """``celsius``: of the body; the flow has made Celsius of Fahrenheit."""
    if below(celsius, limits.cold):
        return "cold"
    if reaches(celsius, limits.high_fever):
        return "high_fever"
    return "fever" if reaches(celsius, limits.fever) else "in_range"


def grade_ketones(mmol_l: float, limits: Ketones, *, pregnant: bool = False) -> Literal["critical", "raised", "in_range"]:
    """In pregnancy raised is critical already: ketoacidosis comes faster, and at lower sugar."""
    if reaches(mmol_l, limits.critical):
        return "critical"
    if reaches(mmol_l, limits.raised):
        return "critical" if pregnant else "raised"
    return "in_range"


def grade_hba1c(percent: float, goal: float) -> Literal["above_target", "in_range"]:
    """Both in percent (NGSP). The goal itself is above it."""
    return "in_range" if percent < goal else "above_target"
