"""Intents of the clinical monitor."""

from __future__ import annotations

from math import isfinite
from typing import Any

from agents.clinical_monitor.grading import grade_glucose
from agents.result import Result
from bot.errors import Malformed
from bot.model.effects import Intent
from bot.model.ids import EffectId
from bot.ports.store import Reading, Store
from config.policy import Clinical

CONTEXTS = frozenset({"fasting", "before_meal", "after_meal", "bedtime"})


class ClinicalMonitor:
    """Keeps and grades readings. Outcomes of ``record_glucose`` are the grades of grading.py; facts: ``value_mg_dl``,
    ``target_low``, ``target_high`` (mg/dL), ``context``, ``repeated`` (this intent was heard before)."""

    name = "clinical_monitor"
    intents = ("record_glucose",)

    def __init__(self, store: Store, clinical: Clinical) -> None:
        self._store, self._clinical = store, clinical

    async def handle(self, intent: Intent, *, now: float) -> Result:
        match intent.name:
            case "record_glucose":
                return await self._record_glucose(intent, now)
            case unknown:
                raise Malformed(f"clinical_monitor does not know the intent {unknown[:60]!r}")

    async def _record_glucose(self, intent: Intent, now: float) -> Result:
        """Store one glucose reading, once, and grade it. An implausible one is graded and not stored."""
        data = intent.data
        value = _number(data, "value")
        context = data.get("context") if data.get("context") in CONTEXTS else None
        limits = self._clinical.glucose
        targets = limits.targets["pregnancy" if data.get("pregnancy") is True else "default"]
        band = targets.band(context)
        grade = grade_glucose(value, band, limits)
        stored = False
        if grade != "implausible":
            stored = await self._store.add_reading(
                Reading(
                    id=intent.id,
                    person=intent.person,
                    kind="glucose",
                    value=value,
                    at=_measured_at(data, intent, now),
                    context=context,
                    unit=_text(data, "unit"),
                    unit_stated=data.get("unit_stated") is True,
                    grade=grade,
                    raw=_text(data, "raw"),
                    supersedes=_effect(data, "supersedes"),
                )
            )
        facts = {"value_mg_dl": value, "target_low": band.low, "target_high": band.high, "context": context}
        return Result(grade, {**facts, "repeated": not stored and grade != "implausible"})


def _number(data: dict[str, Any], name: str) -> float:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Malformed(f"record_glucose: {name} is not a number")
    return float(value)


def _text(data: dict[str, Any], name: str) -> str | None:
    value = data.get(name)
    return value[:60] if isinstance(value, str) else None


def _effect(data: dict[str, Any], name: str) -> EffectId | None:
    value = data.get(name)
    return EffectId(value) if isinstance(value, str) and len(value) <= 200 else None


def _measured_at(data: dict[str, Any], intent: Intent, now: float) -> float:
    """The time of the measurement; never later than now, whatever a phone's clock says."""
    at = data.get("measured_at")
    return min(float(at), now) if isinstance(at, int | float) and not isinstance(at, bool) else intent.at
