"""What is found, as facts for flows: ids, counts and numbers in canonical units. Rounded once, here."""

from __future__ import annotations

from typing import Any

from agents.health_insights.plan import pair
from agents.health_insights.review import Review
from agents.health_insights.sources import Doses
from agents.health_insights.vitals import Pressure, Pulse, Weight
from config.clinical import Band

MOST = 10  # of a list, for the dialogue


def glucose_facts(found: Review, limits: Band) -> dict[str, Any]:
    """``in_target`` and ``lows`` are counts; ``in_range`` and ``variation`` per cent; what is not known is left out."""
    facts: dict[str, Any] = {
        "count": found.count,
        "days_measured": found.days,
        "average": round(found.average),
        "lowest": round(found.lowest),
        "highest": round(found.highest),
        "in_target": found.bands_any.of("in_range"),
        "in_own_target": found.in_target,
        "range_low": round(limits.low),
        "range_high": round(limits.high),
        "lows": found.lows,
        "very_lows": found.very_lows,
        "patterns": [one.id for one in found.patterns][:MOST],
        "streak": found.streak,
        "best_streak": found.best_streak,
        "target_streak": found.target_streak,
        "by_time": [{"part": one.part, "average": round(one.average), "count": one.count} for one in found.by_part],
    }
    for one in found.patterns:
        facts[f"{one.id}_by"] = round(one.size)
        if one.part:
            facts[f"{one.id}_part"] = one.part
    if found.bands:
        facts["in_range"] = found.bands.in_range
    if found.variation is not None:
        facts["variation"] = round(found.variation)
        facts["steady"] = found.steady
    if found.a1c is not None:
        facts["a1c"] = round(found.a1c, 1)
    if found.compared:
        facts["average_change"] = round(found.compared.average_change)
        facts["changed_by"] = abs(round(found.compared.average_change))
        facts["compared"] = found.compared.average
        facts["in_range_change"] = found.compared.in_range_change
        facts["compared_in_range"] = found.compared.in_range
    return facts


def pressure_facts(found: Pressure) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "count": found.count, "average": pair(found.average), "lowest": pair(found.lowest), "highest": pair(found.highest),
        "in_target": found.in_target,
    }  # fmt: skip
    if found.morning and found.evening:
        facts["morning"], facts["evening"] = pair(found.morning), pair(found.evening)
    return facts


def weight_facts(found: Weight) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "count": found.count, "average": _tenth(found.average), "lowest": _tenth(found.lowest), "highest": _tenth(found.highest),
    }  # fmt: skip
    if found.change is not None:
        facts["change"] = f"{found.change:+.1f}"
    return facts


def pulse_facts(found: Pulse) -> dict[str, Any]:
    return {
        "count": found.count, "average": round(found.average), "lowest": round(found.lowest), "highest": round(found.highest),
        "in_target": found.usual,
    }  # fmt: skip


def dose_facts(found: Doses) -> dict[str, Any]:
    return {"taken": found.taken, "missed": found.missed}


def _tenth(value: float) -> float | int:
    """``71`` and ``70.8``."""
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
