"""Arithmetic that never divides by zero: means, spread, whole percentages that sum to 100, and differences beyond chance."""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum, isclose, sqrt


def mean(values: Sequence[float]) -> float | None:
    """None of nothing."""
    return fsum(values) / len(values) if values else None


def variance(values: Sequence[float]) -> float | None:
    """Of a sample; None of fewer than two."""
    middle = mean(values)
    if middle is None or len(values) < 2:
        return None
    return fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


def variation(values: Sequence[float]) -> float | None:
    """Coefficient of variation in per cent; None where it says nothing."""
    middle, spread = mean(values), variance(values)
    if middle is None or spread is None or middle <= 0:
        return None
    return 100 * sqrt(spread) / middle


def percentages(counts: Sequence[int]) -> tuple[int, ...]:
    """Whole per cents that sum to 100 (largest remainder; equal ones in their order); all zero where there is nothing."""
    total = sum(counts)
    if total <= 0:
        return (0,) * len(counts)
    whole = [count * 100 // total for count in counts]
    order = sorted(range(len(counts)), key=lambda index: (-(counts[index] * 100 % total), index))
    for index in order[: 100 - sum(whole)]:
        whole[index] += 1
    return tuple(whole)


def median(values: Sequence[float]) -> float | None:
    if not values:
        return None
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def differs(ours: Sequence[float], others: Sequence[float], standard_errors: float) -> float | None:
    """The difference of two means when it is at least so many standard errors (Welch); None when it may be chance."""
    first, second = mean(ours), mean(others)
    spread, other_spread = variance(ours), variance(others)
    if first is None or second is None or spread is None or other_spread is None:
        return None
    error = sqrt(spread / len(ours) + other_spread / len(others))
    gap = first - second
    if isclose(gap, 0.0, abs_tol=1e-9):
        return None
    return gap if abs(gap) >= standard_errors * error else None
