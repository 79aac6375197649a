"""Plausible ranges, unit rules and danger limits of home readings, from config/readings.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.handwritten.struct import read_struct


class KindRange(Struct, frozen=True, forbid_unknown_fields=True):
    """Lowest and highest value accepted, and asked about; in ``unit``."""

    unit: str
    accept: tuple[float, float]
    confirm: tuple[float, float]

    def problem(self, value: float) -> str | None:
        """None, "unlikely" (ask) or "implausible" (refuse)."""
        if self.accept[0] <= value <= self.accept[1]:
            return None
        return "unlikely" if self.confirm[0] <= value <= self.confirm[1] else "implausible"


class Danger(Struct, frozen=True, forbid_unknown_fields=True):
    """Limits at which a reading itself is an alarm. Glucose mg/dL, ketones mmol/L, pressure mmHg, fever degrees C."""

    glucose_critical_below: float
    glucose_low_below: float
    glucose_high_from: float
    glucose_very_high_from: float
    glucose_extreme_from: float
    ketones_emergency_from: float
    ketones_urgent_from: float
    spo2_emergency_below: float
    spo2_urgent_below: float
    systolic_severe_from: float
    diastolic_severe_from: float
    systolic_high_from: float
    systolic_pregnant_from: float
    diastolic_pregnant_from: float
    diastolic_high_from: float
    fever_from: float
    insulin_overdose_from: float
    tablets_overdose_from: float
    glucose_least: float
    spo2_least: float


def _fahrenheit(celsius: float) -> float:
    return celsius * 1.8 + 32


class Ranges(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of config/readings.yaml."""

    sign_off: dict[str, Any]
    mg_dl_per_mmol_l: float
    kg_per_lb: float
    kinds: dict[str, KindRange]
    minimum_pulse_pressure: float
    ambiguous_glucose: tuple[float, float]
    bare_glucose_from: float
    mmol_when_below: float
    danger: Danger

    def is_fever(self, value: float) -> bool:
        """A bare number that is a fever in degrees Celsius or Fahrenheit and a possible body temperature."""
        high = self.kinds["temperature"].confirm[1]
        return self.danger.fever_from <= value <= high or _fahrenheit(self.danger.fever_from) <= value <= _fahrenheit(high)

    @classmethod
    def load(cls, path: Path) -> Ranges:
        """Read and check the file. Raises ConfigError with file, line and reason."""
        return read_struct(path, Ranges)
