"""The one screen that a doctor gets: who, why, the last readings with time and grade, medicines, who said what. Pure.

Facts are numbers, ids, days and times, and words of people; the flow puts them into sentences in the doctor's language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.ports.store import Reading

KINDS = ("glucose", "systolic", "diastolic", "spo2", "ketones", "temperature", "weight", "hba1c")
FRESH = {"hba1c": 400.0, "weight": 60.0, "spo2": 7.0, "ketones": 7.0, "temperature": 7.0}
"""Days after which a reading says nothing about now; of all others 30."""
MG_DL, MMOL_L = "mg/dL", "mmol/L"
SUGARS = frozenset({"high_sugar", "low_sugar"})
"""What a case is about where its value is a sugar."""
DATED, GRADED = ("glucose", "systolic"), ("glucose", "systolic", "spo2", "ketones")
PART = 700  # characters of one variable of a flow
WORDS = ("words", "words_2", "words_3", "words_4", "words_5", "words_6")
"""The variables of a message: together they hold the longest one of WhatsApp."""
OWN_WORDS, MEDICINES = 300, 300
BEFORE = 4  # earlier glucose values that are shown


class Patient(Struct, frozen=True):
    """``shared``: they allow that their clinic sees their data. Without that only name, phone and their own words are shown."""

    name: str
    phone: str | None
    age: int | None
    conditions: tuple[str, ...]
    shared: bool


class Sugar(Struct, frozen=True):
    """How whoever reads it has sugar: in ``unit``, and in ``also`` beside it. ``factor``: mg/dL in one mmol/L."""

    factor: float
    unit: str = MG_DL
    also: str = ""

    def told(self, mg_dl: float) -> str:
        """``182 mg/dL`` or ``182 mg/dL (10.1 mmol/L)``."""
        beside = f" ({self.bare(mg_dl, self.also)} {self.also})" if self.also else ""
        return f"{self.bare(mg_dl)} {self.unit}{beside}"

    def band(self, low: float, high: float) -> str:
        """``80–130`` or ``80–130 (4.4–7.2 mmol/L)``: in a line that names the unit."""
        beside = f" ({self.bare(low, self.also)}–{self.bare(high, self.also)} {self.also})" if self.also else ""
        return f"{self.bare(round(low))}–{self.bare(round(high))}{beside}"

    def bare(self, mg_dl: float, unit: str = "") -> str:
        return _short(mg_dl) if (unit or self.unit) == MG_DL else f"{mg_dl / self.factor:.1f}"


def sugar_for(own: str | None, patients: str, factor: float) -> Sugar:
    """In the reader's own unit; where that is not known in mg/dL, with the patient's beside it where it is another."""
    if own:
        return Sugar(factor, own)
    return Sugar(factor, also=MMOL_L) if patients == MMOL_L else Sugar(factor)


def when(at: float, zone: str) -> tuple[str, str]:
    """Day and time as flows show them, on the clinic's clock."""
    there = datetime.fromtimestamp(at, ZoneInfo(zone))
    return f"{there:%Y-%m-%d}", f"{there:%H:%M}"


def spread(text: str, name: str = "words") -> dict[str, str]:
    """A long text in the parts that variables hold: put together again it is unchanged."""
    parts = [text[start : start + PART] for start in range(0, len(text), PART)][: len(WORDS)]
    return {f"{name}_{number}" if number > 1 else name: part for number, part in enumerate(parts or [""], 1)}


def patient_facts(patient: Patient) -> dict[str, Any]:
    facts: dict[str, Any] = {"patient": patient.name, "phone": f"+{patient.phone}" if patient.phone else ""}
    if patient.shared:
        facts |= {"age": patient.age or "", "condition": ", ".join(patient.conditions)}
    return facts


def days_of(kind: str) -> float:
    """After so many days a reading says nothing about now."""
    return FRESH.get(kind, 30.0)


def reading_facts(fresh: Mapping[str, Sequence[Reading]], zone: str, sugar: Sugar) -> dict[str, Any]:
    """``fresh``: readings that are not too old, newest first. Of each kind the newest; of what changes within hours also the
    grade, day and time; of glucose some before. A conversation holds forty variables, so there is no more."""
    facts: dict[str, Any] = {}
    for kind in KINDS:
        every = fresh.get(kind, ())
        if not every:
            continue
        newest = every[0]
        facts[kind] = sugar.told(newest.value) if kind == "glucose" else _short(newest.value)
        if kind in DATED:
            facts[f"{kind}_day"], facts[f"{kind}_time"] = when(newest.at, zone)
        if kind in GRADED:
            facts[f"{kind}_grade"] = newest.grade or ""
        if kind == "glucose":
            facts["glucose_context"] = newest.context or ""
            facts["glucose_before"] = ", ".join(sugar.bare(one.value) for one in every[1 : BEFORE + 1])
    return facts


def matter_facts(about: str, given: Mapping[str, Any], sugar: Sugar) -> dict[str, Any]:
    """Why the case is there: an id and what a flow passed on. Only the patient's own words are text."""
    facts: dict[str, Any] = {"about": about}
    for name in ("topic", "urgency", "trend", "since", "how_bad", "reason", "category", "medicine"):
        if isinstance(value := given.get(name), str) and value:
            facts[name] = value[:60]
    for name in ("value", "ketones", "systolic", "diastolic", "count", "days", "least", "most", "before", "last"):
        if isinstance(value := given.get(name), int | float) and not isinstance(value, bool):
            told = sugar.told if name == "value" and about in SUGARS else _short
            facts[f"given_{name}"] = told(float(value))
    if isinstance(value := given.get("detail"), str) and value:
        facts["detail"] = value[:200]
    if isinstance(value := given.get("text"), str) and value.strip():
        facts["own_words"] = value.strip()[:OWN_WORDS]
    return facts


def medicine_facts(names: Sequence[str]) -> dict[str, Any]:
    """As the patient told them, the first ones where they are many."""
    shown: list[str] = []
    for name in names:
        if sum(len(one) + 2 for one in shown) + len(name) > MEDICINES:
            break
        shown.append(name)
    more = len(names) - len(shown)
    return {"medicines": ", ".join(shown), **({"more_medicines": more} if more else {})}


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
