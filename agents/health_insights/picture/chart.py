"""A chart as data: every word final, every number in the unit that is shown. What draws it decides nothing."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Mark = Literal["in", "high", "low"]
RIGHT_TO_LEFT = frozenset({"ur"})
"""Languages whose lines run from right to left."""
Kind = Literal["glucose", "blood_pressure", "weight", "heart_rate"]


class Point(Struct, frozen=True):
    """``x`` is the place in the period, 0 to 1; ``second`` the lower value of a pair."""

    x: float
    value: float
    mark: Mark = "in"
    second: float | None = None


class Figure(Struct, frozen=True):
    label: str
    value: str


class Tick(Struct, frozen=True):
    at: float
    label: str


class Chart(Struct, frozen=True):
    """``bands`` are ranges shaded behind the points; ``line`` joins the averages of days; ``scale`` is what is shown at least."""

    kind: Kind
    language: str
    title: str
    subtitle: str
    figures: tuple[Figure, ...]
    points: tuple[Point, ...]
    scale: tuple[float, float]
    y_ticks: tuple[Tick, ...]
    x_ticks: tuple[Tick, ...]
    legend: tuple[tuple[Mark | Literal["band"], str], ...]
    unit: str
    note: str
    bands: tuple[tuple[float, float], ...] = ()
    line: tuple[tuple[float, float], ...] = ()
