"""A guard against a slip in the planner, not a measurement."""

from __future__ import annotations

from bench.notices import FLOOR, measured


def test_the_planner_is_fast_enough_for_the_wave() -> None:
    assert max(measured(2000) for _ in range(3)) > FLOOR
