"""Numbers and dates as people of a language write them, and the texts of pictures, which come from the content."""

from __future__ import annotations

import datetime
from typing import Any, Protocol

from babel.numbers import format_decimal

from agents.health_insights.picture.chart import RIGHT_TO_LEFT
from bot.model.locales import babel_locale

MG_PER_MMOL = 18.016  # mg/dL in one mmol/L: molar mass of glucose 180.16 g/mol


class Days(Protocol):
    """How a language writes days: the day before the month, the month as a word."""

    def date(self, when: datetime.date) -> str: ...
    def short_date(self, when: datetime.date) -> str: ...
    def short_weekday(self, when: datetime.date) -> str: ...


class Words(Protocol):
    """The texts of pictures and pages: ``say(name, language, values)``, in the language that is ``spoken`` there: the person's,
    where it lacks none of them."""

    def spoken(self, language: str, second: str | None = None) -> str: ...
    def say(self, name: str, language: str, /, **values: Any) -> str: ...
    def tongue(self, language: str) -> Days: ...


class Dayless:
    def date(self, when: datetime.date) -> str:
        return ""

    short_date = short_weekday = date


class Wordless:
    """Where no picture is made, nothing is written on one."""

    def spoken(self, language: str, second: str | None = None) -> str:
        return language

    def say(self, name: str, language: str, /, **values: Any) -> str:
        return ""

    def tongue(self, language: str) -> Days:
        return Dayless()


NAMES: tuple[str, ...] = (
    "glucose_title", "pressure_title", "weight_title", "pulse_title",
    "period", "average", "in_range", "lows", "highest", "lowest", "latest", "of",
    "mark_in", "mark_high", "mark_low", "band", "pressure_goal", "pressure_above", "pressure_low", "weight_mark", "chart_note",
    "page_title", "page_for", "page_readings", "page_days", "page_average", "page_lowest", "page_highest", "page_in_range",
    "page_in_target", "page_lows", "page_spread", "page_a1c", "page_a1c_note", "page_before", "page_by_time", "page_patterns",
    "page_none", "page_medicines", "page_taken", "page_missed", "page_others", "page_pressure", "page_weight", "page_pulse",
    "page_next_visit", "page_note",
    "part_night", "part_morning", "part_midday", "part_evening", "part_late_evening",
    "found_morning_rise", "found_after_dinner_highs", "found_weekend_higher", "found_weekend_lower",
    "found_higher_on_missed_days", "found_lows_at_one_time",
)  # fmt: skip
"""Every text that a picture or a page may say."""


def number(value: float, language: str, decimals: int = 0) -> str:
    """Latin digits, as everywhere in the service; the language's decimal mark."""
    pattern = "0." + "0" * decimals if decimals else "0"
    return str(format_decimal(value, format=pattern, locale=babel_locale(language), numbering_system="latn"))


def glucose_value(mg_dl: float, unit: str, language: str) -> str:
    """In the person's unit, without its name."""
    return number(mg_dl / MG_PER_MMOL, language, 1) if unit == "mmol/L" else number(mg_dl, language)


def with_unit(value: str, unit: str, language: str) -> str:
    """``141 mg/dL``, kept together where the line runs from right to left."""
    return f"\u2066{value} {unit}\u2069" if language in RIGHT_TO_LEFT else f"{value} {unit}"
