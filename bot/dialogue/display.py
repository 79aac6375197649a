"""How values look in a message: the person's glucose unit, Latin digits, a clock time. Used as template filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from jinja2 import pass_context

from bot.dialogue.tongue import Tongue, tongue_of
from bot.model.clock import local
from bot.model.several import apart
from bot.understanding.introductions import own_name

TONGUES = "(tongues)"
"""Among the values of a text, under a name that no author can write: how each language is written."""
DECIMAL = "(decimal)"
"""Likewise: what the language of this very text has before decimals. A point where nothing is said."""

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+\.\d+")
MG_PER_MMOL = 18.016  # mg/dL in one mmol/L: molar mass of glucose 180.16 g/mol


@pass_context
def glucose(values: Any, value: Any, unit: Any = "mg/dL") -> str:
    """``7.2 mmol/L`` or ``130 mg/dL`` from mg/dL, ``7,2`` in German; empty where there is no number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return ""
    return f"{_marked(values, f'{value / MG_PER_MMOL:.1f}')} mmol/L" if unit == "mmol/L" else f"{value:.0f} mg/dL"


@pass_context
def in_unit(values: Any, value: Any, unit: Any = "mg/dL") -> str:
    """The same without the unit's name, for ranges such as ``80-130 mg/dL``."""
    return glucose(values, value, unit).split(" ")[0]


def words(value: Any, values: Any) -> str:
    """A value in a text: nothing for what is not there, and never the inside of an object."""
    if isinstance(value, float):
        return _marked(values, f"{value:.2f}".rstrip("0").rstrip("."))
    return _marked(values, str(value)) if isinstance(value, str | int) else ""


def _marked(values: Any, said: str) -> str:
    """A number, also one that came as text ("7.2"), with the mark that the language of the text has before decimals."""
    mark = values.get(DECIMAL, ".")
    return said.replace(".", mark) if mark != "." and _NUMBER.fullmatch(said) else said


def to_mg_dl(value: Any) -> Any:
    """mmol/L -> mg/dL, whole numbers."""
    return round(value * MG_PER_MMOL) if isinstance(value, int | float) else None


@pass_context
def day(values: Any, value: Any, language: Any = "en") -> str:
    """``Monday, 23 November`` from ``2026-11-23``, as the person's language writes it; empty where there is no day."""
    try:
        when = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return ""
    return tongue_among(values, language).day(when) if when else ""


@pass_context
def clock(values: Any, value: Any, language: Any = "en") -> str:
    """``सुबह 8:30`` from ``08:30``, as the person's language says the hour; several with commas are a list of that language.

    What is no clock time stays as it is.
    """
    if not isinstance(value, str):
        return ""
    told = [_CLOCK.fullmatch(one) for one in value.split(", ")]
    tongue = tongue_among(values, language)
    return tongue.listed([tongue.time(int(one[1]), int(one[2])) for one in told if one]) if all(told) else value


@pass_context
def listed(values: Any, value: Any, language: Any = "en") -> str:
    """``dal, rice and roti``, as the language lists, from a fact with several things; one thing stays as it is."""
    return tongue_among(values, language).listed(apart(value)) if isinstance(value, str) else ""


@pass_context
def people(values: Any, value: Any, language: Any = "en") -> str:
    """``Meera and Dr Rao``: the same of people's names."""
    return tongue_among(values, language).listed(apart(value), people=True) if isinstance(value, str) else ""


def tongue_among(values: Any, language: Any) -> Tongue:
    """The language's page among the values of a text; where there is none, what CLDR knows of it."""
    known, code = values.get(TONGUES), language if isinstance(language, str) else "en"
    return known[code] if isinstance(known, Mapping) and code in known else tongue_of(code)


def pm(value: Any) -> Any:
    """``08:30`` -> ``20:30``: the same clock time after noon."""
    return _half(value, 12)


def am(value: Any) -> Any:
    """``20:30`` -> ``08:30``: the same clock time before noon."""
    return _half(value, 0)


def without(value: Any, one: Any) -> Any:
    """A list, like that of a person's conditions, less one thing; what is no list stays as it is."""
    return [each for each in value if each != one] if isinstance(value, list | tuple) else value


def _half(value: Any, hours: int) -> Any:
    hour, colon, rest = value.partition(":") if isinstance(value, str) else ("", "", "")
    return f"{int(hour) % 12 + hours:02}:{rest}" if colon and hour.isdecimal() else value


def name_in(value: Any) -> Any:
    """``My name is Suresh`` -> ``Suresh``: the name in an introduction that nobody asked for; nothing where there is none."""
    return own_name(value) if isinstance(value, str) else None


FILTERS: dict[str, Callable[..., Any]] = {
    "glucose": glucose, "in_unit": in_unit, "to_mg_dl": to_mg_dl, "day": day, "clock": clock, "listed": listed, "people": people,
    "am": am, "pm": pm, "name_in": name_in, "without": without,
}  # fmt: skip

OF_THE_PERSON = frozenset({"glucose", "in_unit", "day", "clock", "listed", "people"})
"""Filters that also see the values of the text: how a language writes is content, not code."""


def moment(at: float, zone: str, tongue: Tongue) -> str:
    """``23 November, 2:05 pm`` in the person's language and zone: day before month, the month as a word."""
    when = local(at, zone)
    return tongue.moment(when.date(), when.hour, when.minute)
