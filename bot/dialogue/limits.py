"""The clinical thresholds that flows may compare with, as ``limits.NAME``. Every number comes from config/clinical.yaml."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from config.clinical import Clinical
from config.policy import Policy

_FROM: Final[Mapping[str, Callable[[Clinical], float | None]]] = {
    "after_meal_from": lambda clinical: clinical.after_meal.from_minutes * 60.0,
    "after_meal_to": lambda clinical: clinical.after_meal.to_minutes * 60.0,
    "low": lambda clinical: clinical.glucose.low.below,
    "critical_low": lambda clinical: clinical.glucose.critical_low.below,
    "high": lambda clinical: clinical.glucose.high.above,
    "very_high": lambda clinical: clinical.glucose.very_high.at_least,
    "critical_high": lambda clinical: clinical.glucose.critical_high.at_least,
    "systolic_severe": lambda clinical: clinical.blood_pressure.systolic_severe.at_least,
    "diastolic_severe": lambda clinical: clinical.blood_pressure.diastolic_severe.at_least,
    "systolic_severe_pregnancy": lambda clinical: clinical.blood_pressure.systolic_severe_pregnancy.at_least,
    "diastolic_severe_pregnancy": lambda clinical: clinical.blood_pressure.diastolic_severe_pregnancy.at_least,
    "systolic_low": lambda clinical: clinical.blood_pressure.systolic_low.below,
    "diastolic_low": lambda clinical: clinical.blood_pressure.diastolic_low.below,
    "pulse_low": lambda clinical: clinical.heart_rate.low.below,
    "pulse_high": lambda clinical: clinical.heart_rate.high.above,
    "pulse_critical_low": lambda clinical: clinical.heart_rate.critical_low.below,
    "pulse_critical_high": lambda clinical: clinical.heart_rate.critical_high.above,
    "spo2_low": lambda clinical: clinical.spo2.low.below,
    "spo2_critical_low": lambda clinical: clinical.spo2.critical_low.below,
    "fever": lambda clinical: clinical.temperature.fever.at_least,
    "high_fever": lambda clinical: clinical.temperature.high_fever.at_least,
    "body_cold": lambda clinical: clinical.temperature.cold.below,
    "ketones_raised": lambda clinical: clinical.ketones.raised.at_least,
    "ketones_critical": lambda clinical: clinical.ketones.critical.at_least,
}
LIMITS: Final = frozenset(_FROM)


class LimitsOf(Mapping[str, float]):
    """Every threshold by its name, in the canonical unit of its reading. Looked up when asked for: most turns ask for none."""

    __slots__ = ("_clinical",)

    def __init__(self, policy: Policy) -> None:
        self._clinical = policy.clinical

    def __getitem__(self, name: str) -> float:
        return _FROM[name](self._clinical) or 0.0

    def __iter__(self) -> Iterator[str]:
        return iter(_FROM)

    def __len__(self) -> int:
        return len(_FROM)
