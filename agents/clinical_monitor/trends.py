"""Patterns over days, each with its least data. Pure; every number comes from config/clinical.yaml.

A rule that has too little to go by finds nothing: silence is right then, and a guess would be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Any, Literal

from msgspec import Struct

from config.clinical import Average, Gain, Missed, Repeated, Rising, Trends

DAY = 86400.0
Rule = Literal["three_lows", "three_highs", "average_rising", "average_falling", "missed", "weight_rising"]
GROUPS: dict[str, str] = {
    "three_lows": "low", "three_highs": "high", "average_rising": "high", "average_falling": "fall", "missed": "missed",
    "weight_rising": "weight",
}  # fmt: skip
"""Rules of one group say much the same; who heard one of them does not hear another in the quiet days."""


class Value(Struct, frozen=True):
    """One glucose reading in mg/dL, and how it was graded."""

    at: float
    value: float
    grade: str


class Finding(Struct, frozen=True):
    rule: Rule
    quiet_days: int
    facts: dict[str, Any]

    @property
    def group(self) -> str:
        return GROUPS[self.rule]


HIGH = frozenset({"above_target", "high", "very_high", "critical_high"})
LOW = frozenset({"low", "critical_low"})


def repeated(values: Iterable[Value], grades: frozenset[str], rule: Repeated, now: float) -> list[Value]:
    """The values of these grades within the days, oldest first; those close together count as one. Fewer than needed: none."""
    apart, kept = rule.apart_hours * 3600.0, list[Value]()
    for one in sorted(values, key=lambda one: (one.at, one.value)):
        if one.grade not in grades or not now - rule.days * DAY < one.at <= now:
            continue
        if not kept or one.at - kept[-1].at >= apart:
            kept.append(one)
    return kept if len(kept) >= rule.count else []


def average_change(values: Sequence[Value], rule: Average, now: float) -> tuple[float, float] | None:
    """The mean before and the mean of the last days, when both have enough to go by and differ enough; else None."""
    means = []
    for end in (now - rule.days * DAY, now):
        period = [one for one in values if end - rule.days * DAY < one.at <= end]
        if len(period) < rule.least_readings or len({int(one.at // DAY) for one in period}) < rule.least_days:
            return None
        means.append(fmean(one.value for one in period))
    before, last = means
    if abs(last - before) < max(rule.change, rule.share * before):
        return None
    return before, last


def fast_gain(weights: Iterable[tuple[float, float]], now: float, gains: Sequence[Gain]) -> float | None:
    """Kilograms that came too fast, by (time, kilograms); None when none did. The newest weight counts against the least one
    within each time."""
    known = sorted((at, value) for at, value in weights if at <= now)
    if not known:
        return None
    newest_at, newest = known[-1]
    gained = []
    for gain in gains:
        before = [value for at, value in known[:-1] if newest_at - gain.days * DAY - DAY / 2 <= at < newest_at]
        if before and newest - min(before) > gain.kilograms:
            gained.append(newest - min(before))
    return round(max(gained), 1) if gained else None


def rising(weights: Iterable[tuple[float, float]], rule: Rising, now: float) -> Finding | None:
    """Weight that creeps up, by (time, kilograms): the newest is the greatest of the days, and so much above the least."""
    known = sorted((at, value) for at, value in weights if now - rule.days * DAY < at <= now)
    if len({int(at // DAY) for at, _ in known}) < rule.least_days:
        return None
    newest, least = known[-1][1], min(value for _, value in known)
    if newest - least < rule.kilograms or newest < max(value for _, value in known):
        return None
    facts = {"gained": round(newest - least, 1), "days": rule.days, "weight": newest}
    return Finding("weight_rising", rule.quiet_days, facts)


def missed_days(times: Iterable[float], rule: Missed, now: float) -> int | None:
    """Days without a reading of somebody who used to measure; None when they measure, or never used to."""
    every = sorted(at for at in times if at <= now)
    if not every or now - every[-1] < rule.silent_days * DAY:
        return None
    last = every[-1]
    days = {int(at // DAY) for at in every if last - rule.within_days * DAY < at}
    return int((now - last) // DAY) if len(days) >= rule.least_days else None


def findings(values: Sequence[Value], rules: Trends, now: float) -> list[Finding]:
    """What the readings of some weeks show now, the gravest first."""
    found = list[Finding]()
    if lows := repeated(values, LOW, rules.three_lows, now):
        facts = {"count": len(lows), "days": rules.three_lows.days, "least": min(one.value for one in lows)}
        found.append(Finding("three_lows", rules.three_lows.quiet_days, facts))
    if highs := repeated(values, HIGH, rules.three_highs, now):
        facts = {"count": len(highs), "days": rules.three_highs.days, "most": max(one.value for one in highs)}
        found.append(Finding("three_highs", rules.three_highs.quiet_days, facts))
    if change := average_change(values, rules.average, now):
        before, last = (round(one) for one in change)
        name: Rule = "average_rising" if last > before else "average_falling"
        found.append(Finding(name, rules.average.quiet_days, {"before": before, "last": last, "days": rules.average.days}))
    return found


def worth_telling(found: Sequence[Finding], told: dict[str, float], now: float) -> Finding | None:
    """The first finding whose group has been quiet for its days. One at a time: three warnings at once are none."""
    return next((one for one in found if now - told.get(one.group, -1e12) >= one.quiet_days * DAY), None)
