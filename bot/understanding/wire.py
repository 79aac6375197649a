"""The meaning of a message as one line of JSON: the form evaluation sets and ``procare understand --jsonl`` use."""

from __future__ import annotations

from typing import Any

from bot.understanding.meaning import Meaning, ReadingFound

ASKED_FIRST = ("implausible", "ambiguous_unit")  # never shown as a reading: the person is asked before anything is kept
UNITLESS = ("blood_pressure", "heart_rate", "spo2", "steps")


def reading_line(reading: ReadingFound) -> dict[str, Any]:
    """One reading in the unit the person used."""
    if reading.kind == "blood_pressure":
        return {"kind": reading.kind, "systolic": reading.systolic, "diastolic": reading.diastolic}
    value = reading.value if reading.stated_value is None else reading.stated_value
    found: dict[str, Any] = {"kind": reading.kind, "value": value}
    if reading.kind not in UNITLESS:
        found["unit"] = reading.unit if reading.stated_value is None else reading.stated_unit
    if reading.kind == "glucose":
        found["context"] = reading.context
    return found


def line(message_id: str, meaning: Meaning) -> dict[str, Any]:
    """id, urgency, category, intent, readings, language, script."""
    return {
        "id": message_id,
        "urgency": meaning.urgency,
        "category": meaning.category,
        "intent": meaning.intent.id if meaning.intent else "none",
        "readings": [reading_line(reading) for reading in meaning.readings if reading.problem not in ASKED_FIRST],
        "language": meaning.language,
        "script": meaning.script,
    }
