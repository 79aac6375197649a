"""Targets as a doctor writes them: "target fasting 80-130, bp 130/80, kidney". Pure; nobody guesses what was meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from agents.clinical_monitor.targets import CONTEXTS, doctors_targets
from bot.errors import Malformed
from config.clinical import Clinical
from config.doctor_bridge import Part, TargetWords

_NUMBER = r"(\d{1,3}(?:\.\d+)?)"
_BAND = re.compile(rf"{_NUMBER}\s*(?:-|–|—|to|से)\s*{_NUMBER}\s*(mg\s*/?\s*dl|(mmol)\s*(?:/\s*l)?)?")
_PAIR = re.compile(r"(\d{2,3})\s*/\s*(\d{2,3})\s*(?:mm\s*hg)?")
_GOAL = re.compile(rf"(?:<|below)?\s*{_NUMBER}\s*%?")
_PARTED = re.compile(r"[,;\n]")
_BETWEEN = " \t:=.*"
MMOL_L = "mmol/L"
MG_PER_MMOL = 18.016  # mg/dL in one mmol/L: molar mass of glucose 180.16 g/mol
ILLNESSES = ("heart_failure", "kidney", "lung")


class Written(Struct, frozen=True):
    """``data``: as ``set_targets`` takes it, empty where they only ask. ``wrong``: what cannot be read, or is out of bounds."""

    data: dict[str, Any] = {}
    wrong: str = ""


def read_targets(text: str, words: TargetWords, clinical: Clinical, unit: str = "") -> Written | None:
    """None for what is not about targets: words for the patient, also such as begin like it and name nothing of ours. ``unit``:
    in which whoever writes has sugar; a band without a unit is in it where it can be nothing else."""
    said = " ".join(text.strip().split(" ")).casefold()
    begun = max((one for one in words.begin if _begins(said, one)), key=len, default=None)
    if begun is None:
        return None
    rest = said[len(begun) :].strip(_BETWEEN)
    if not rest:
        return Written()
    data: dict[str, Any] = {}
    wrong = []
    fragments = [one.strip(_BETWEEN) for one in _PARTED.split(rest)]
    for fragment in filter(None, fragments):
        part = _part(fragment, words, clinical, unit)
        if part is None:
            wrong.append(fragment)
        else:
            _put(data, part)
    if not wrong:
        return Written(data)
    ours = data or any(char.isdigit() for char in rest) or any(_begins(one, name) for one in wrong for name in _names(words))
    return Written(wrong=wrong[0]) if ours else None


def _names(words: TargetWords) -> list[str]:
    return [name for names in words.names.values() for name in names]


def _begins(text: str, word: str) -> bool:
    return text.startswith(word) and not text[len(word) : len(word) + 1].isalpha()


def _part(fragment: str, words: TargetWords, clinical: Clinical, unit: str) -> dict[str, Any] | None:
    """One part, checked against the bounds; None where it is not one."""
    known = sorted(((name, part) for part, names in words.names.items() for name in names), key=lambda one: -len(one[0]))
    for name, part in known:
        if _begins(fragment, name):
            data = _valued(
                part, fragment[len(name) :].strip(_BETWEEN), words, clinical.targets_within.glucose.low if unit == MMOL_L else 0.0
            )
            break
    else:
        return None
    try:
        doctors_targets(data or {}, clinical)
    except Malformed:
        return None
    return data


def _valued(part: Part, value: str, words: TargetWords, least: float) -> dict[str, Any] | None:
    """``least``: a band that ends below it, and has no unit, is in mmol/L; 0 for who writes in mg/dL."""
    if value in words.off:
        return {"off": [part]}
    if part == "pregnant":
        return None if value else {"pregnant": True}
    if part in ILLNESSES:
        return None if value else {"conditions": [part]}
    if part in CONTEXTS:
        band = _BAND.fullmatch(value)
        return {"glucose": {part: _band(band, least)}} if band else None
    if part == "blood_pressure":
        pair = _PAIR.fullmatch(value)
        return {part: {"systolic": float(pair[1]), "diastolic": float(pair[2])}} if pair else None
    goal = _GOAL.fullmatch(value)
    return {part: float(goal[1])} if goal else None


def _band(found: re.Match[str], least: float) -> dict[str, float]:
    """In mg/dL. Mmol/l has to be said, or be usual for who writes, or is written with a point: no band in mg/dL has one."""
    low, high = float(found[1]), float(found[2])
    stated = found[4] is not None or "." in found[1] or "." in found[2]
    stated = stated or (found[3] is None and high < least)
    return {"low": round(low * MG_PER_MMOL), "high": round(high * MG_PER_MMOL)} if stated else {"low": low, "high": high}


def _put(data: dict[str, Any], part: dict[str, Any]) -> None:
    for name, value in part.items():
        known = data.get(name)
        if isinstance(known, dict):
            known.update(value)
        elif isinstance(known, list):
            known.extend(value)
        else:
            data[name] = value


def named_parts(data: dict[str, Any]) -> Iterable[str]:
    """What an intent's data sets or takes back, without the values."""
    yield from (str(one) for one in data.get("glucose") or {})
    yield from (name for name in ("blood_pressure", "hba1c", "spo2_low", "pregnant") if data.get(name))
    yield from (str(one) for one in data.get("conditions") or [])
    yield from (f"{one} off" for one in data.get("off") or [])
