"""Typed answers: from what a message means to the variables of a step."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from bot.dialogue.authored import Slot
from bot.dialogue.compiler import fold
from bot.dialogue.flow import Choice, Step
from bot.understanding.meaning import Meaning, ReadingFound

TEXT_LIMIT = 300
NAME_LIMIT = 40
_ORDINAL = re.compile(r"\(?(\d{1,2})[.)]?$")
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_DATE = re.compile(r"(?<!\d)(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?!\d)")

Vars = dict[str, Any]


def glucose_vars(reading: ReadingFound, meaning: Meaning, at: float) -> Vars:
    """What a glucose answer fills. ``glucose`` is mg/dL; ``glucose_number`` is the number as it was written."""
    found: Vars = {
        "glucose": reading.value,
        "glucose_raw": (reading.raw or "")[:60] or None,
        "glucose_unit": reading.stated_unit,
        "glucose_number": meaning.numbers[0] if meaning.numbers else reading.value,
        "glucose_problem": reading.problem,
        "measured_at": at,
    }
    if reading.context:
        found["meal_context"] = reading.context
    return found


def glucose_readings(meaning: Meaning) -> list[ReadingFound]:
    return [reading for reading in meaning.readings if reading.kind == "glucose" and reading.value is not None]


def read_choice(step: Step, meaning: Meaning, text: str) -> Choice | None:
    """The option that typed words mean: its label in any language, its number in the list, a synonym, a plain yes or no."""
    if not step.choices:
        return None
    typed = fold(text)
    for choice in step.choices:
        if typed in choice.words:
            return choice
    ordinal = _ORDINAL.match(unicodedata.normalize("NFKC", text).strip())
    if ordinal and not step.slots and 1 <= int(ordinal[1]) <= len(step.choices):
        return step.choices[int(ordinal[1]) - 1]
    if meaning.yes_no is not None:
        meant = [choice for choice in step.choices if choice.means is meaning.yes_no]
        if len(meant) == 1:
            return meant[0]
    return None


def read_slots(step: Step, meaning: Meaning, text: str, at: float) -> Vars | None:
    """The variables that a typed answer fills, or None when a required one is missing."""
    found: Vars = {}
    for name, slot in step.slots:
        value = _read(slot, meaning, text, at)
        if value is None:
            if slot.required:
                return None
        elif slot.type == "glucose":
            found.update(value)
        else:
            found[name] = value
    return found or None


def _read(slot: Slot, meaning: Meaning, text: str, at: float) -> Any:
    match slot.type:
        case "glucose":
            readings = glucose_readings(meaning)
            return glucose_vars(readings[0], meaning, at) if readings else None
        case "meal_context":
            return next((reading.context for reading in meaning.readings if reading.context), None)
        case "number":
            fits = [number for number in meaning.numbers if _within(slot, number)]
            return fits[0] if len(fits) == 1 else None
        case "year":
            years = [int(year) for year in _YEAR.findall(text) if _within(slot, int(year))]
            return years[0] if len(set(years)) == 1 else None
        case "date":
            return _date(text)
        case "yes_no":
            return meaning.yes_no
        case "name":
            return _name(text)
        case "text":
            return text.strip()[:TEXT_LIMIT] or None


def _within(slot: Slot, number: float) -> bool:
    if slot.integer and number != int(number):
        return False
    return (slot.min is None or number >= slot.min) and (slot.max is None or number <= slot.max)


def _date(text: str) -> str | None:
    """Day, month, year, as they are written in India and most of the world."""
    if not (found := _DATE.search(text)):
        return None
    day, month, year = (int(part) for part in found.groups())
    return f"{year:04}-{month:02}-{day:02}" if 1 <= day <= 31 and 1 <= month <= 12 else None


def _name(text: str) -> str | None:
    """A short text of letters: no digits, no links, no sentences."""
    words = unicodedata.normalize("NFC", text).split()
    name = " ".join(words)
    if not 1 <= len(words) <= 4 or len(name) > NAME_LIMIT:
        return None
    allowed = all(char in " .'-’" or unicodedata.category(char)[0] in "LM" or char in "\u200c\u200d" for char in name)
    return name if allowed and any(unicodedata.category(char)[0] == "L" for char in name) else None
