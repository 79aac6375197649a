"""Somebody's own targets: the doctor's where one has set them, else by pregnancy, illness and age. Pure.

Targets divide what is not dangerous. The dangerous grades of grading.py and vitals.py do not look at them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Literal, get_args

from msgspec import Struct

from bot.errors import Malformed
from bot.model.conditions import PREGNANCY
from config.clinical import Band, Clinical, Illness, Plausible, PressureGoal

CONTEXTS = ("fasting", "before_meal", "after_meal", "bedtime", "unknown")
ILLNESSES: Final[tuple[Illness, ...]] = get_args(Illness)
Group = Literal["default", "pregnancy", "older_adult"]


class About(Struct, frozen=True):
    """What targets depend on. ``conditions``: the person's own word, and what a doctor added."""

    conditions: frozenset[str] = frozenset()
    pregnant: bool = False
    age: int | None = None

    @property
    def expecting(self) -> bool:
        """Pregnant, by whichever word."""
        return self.pregnant or not PREGNANCY.isdisjoint(self.conditions)


class DoctorsTargets(Struct, frozen=True):
    """What a doctor set, each part only where they did. ``glucose`` by meal context, in mg/dL."""

    glucose: dict[str, tuple[float, float]] = {}
    systolic: float | None = None
    diastolic: float | None = None
    hba1c: float | None = None
    spo2_low: float | None = None


def group_of(about: About, clinical: Clinical) -> Group:
    """Pregnancy goes before age."""
    if about.expecting:
        return "pregnancy"
    old = clinical.older_adult.at_least
    return "older_adult" if about.age is not None and old is not None and about.age >= old else "default"


def glucose_band(context: str | None, about: About, own: DoctorsTargets, clinical: Clinical) -> Band:
    """The doctor's band for this context, else the doctor's for any, else that of the group."""
    found = own.glucose.get(context or "unknown") or own.glucose.get("unknown")
    if found:
        return Band(low=found[0], high=found[1])
    return clinical.glucose.targets[group_of(about, clinical)].band(context)


def pressure_goal(about: About, own: DoctorsTargets, clinical: Clinical) -> PressureGoal:
    """Pregnancy goes before all: too low a pressure harms the child. Else of several illnesses the strictest goal counts, and
    goes before age."""
    goals, group = clinical.blood_pressure.targets, group_of(about, clinical)
    ill = [goals[name] for name in ILLNESSES if name in about.conditions] if group != "pregnancy" else []
    strictest = ill or [goals[group]]
    return PressureGoal(
        systolic=own.systolic or min(one.systolic for one in strictest),
        diastolic=own.diastolic or min(one.diastolic for one in strictest),
        source="; ".join(dict.fromkeys(one.source for one in strictest)),
    )


def hba1c_goal(about: About, own: DoctorsTargets, clinical: Clinical) -> float:
    """Percent (NGSP) that HbA1c should stay below: the doctor's own goal, else that of the person's group."""
    limit = getattr(clinical.hba1c, group_of(about, clinical))
    return own.hba1c if own.hba1c is not None else float(limit.below or 0.0)


def doctors_targets(data: Mapping[str, Any], clinical: Clinical) -> DoctorsTargets:
    """Read what a doctor sends. Raises Malformed for a slip of the finger: nobody guesses what was meant."""
    within = clinical.targets_within
    glucose = {}
    for context, band in _mapping(data.get("glucose")).items():
        if context not in CONTEXTS:
            raise Malformed(f"set_targets: {str(context)[:40]!r} is not a meal context")
        low, high = (_number(_mapping(band).get(end), f"glucose.{context}.{end}", within.glucose) for end in ("low", "high"))
        if low >= high:
            raise Malformed(f"set_targets: glucose.{context} ends below its beginning")
        glucose[context] = (low, high)
    pressure = _mapping(data.get("blood_pressure"))
    systolic = _maybe(pressure.get("systolic"), "systolic", within.systolic)
    diastolic = _maybe(pressure.get("diastolic"), "diastolic", within.diastolic)
    hba1c = _maybe(data.get("hba1c"), "hba1c", within.hba1c)
    return DoctorsTargets(glucose, systolic, diastolic, hba1c, _maybe(data.get("spo2_low"), "spo2_low", within.spo2))


def merged(before: DoctorsTargets, now: DoctorsTargets, off: Collection[str]) -> DoctorsTargets:
    """What was set before, with what is set now, without what is taken back."""
    glucose = {name: band for name, band in {**before.glucose, **now.glucose}.items() if name not in off}
    strokes = "blood_pressure" in off
    return DoctorsTargets(
        glucose,
        None if strokes else now.systolic or before.systolic,
        None if strokes else now.diastolic or before.diastolic,
        None if "hba1c" in off else now.hba1c or before.hba1c,
        None if "spo2_low" in off else now.spo2_low or before.spo2_low,
    )


def as_facts(about: About, own: DoctorsTargets, clinical: Clinical) -> dict[str, float]:
    """All that holds for somebody now, as flows show it; where low oxygen begins only if a doctor has set it."""
    facts: dict[str, float] = {}
    for context in CONTEXTS[:-1]:
        band = glucose_band(context, about, own, clinical)
        facts |= {f"{context}_low": band.low, f"{context}_high": band.high}
    goal = pressure_goal(about, own, clinical)
    facts |= {"systolic": round(goal.systolic), "diastolic": round(goal.diastolic), "hba1c": hba1c_goal(about, own, clinical)}
    return facts | ({"spo2": round(own.spo2_low)} if own.spo2_low else {})


def _mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Malformed("set_targets: a part is not a mapping")
    return value


def _number(value: Any, name: str, within: Plausible) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not within.low <= value <= within.high:
        raise Malformed(f"set_targets: {name} is not a number from {within.low:g} to {within.high:g}")
    return float(value)


def _maybe(value: Any, name: str, within: Plausible) -> float | None:
    return None if value is None else _number(value, name, within)
