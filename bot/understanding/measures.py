"""Readings: which numbers of a message are measurements, of what kind, in which unit, taken when.

A number becomes a reading only when something says so: a unit, a name of the measure, a meal context, or the question it answers.
Times, dates, ages, doses of tablets, prices, food, ranges and targets are marked as such first (``uses``) and never are.
"""

from __future__ import annotations

import itertools
from typing import Final

import msgspec

from bot.understanding.amounts import Amount
from bot.understanding.contexts import contexts_of
from bot.understanding.languages import EUROPEAN
from bot.understanding.meaning import Context, ReadingFound
from bot.understanding.measured import NAMES, Kind, kinds_of
from bot.understanding.pressures import join_pressures, pressure_reading, span_of
from bot.understanding.ranges import Ranges
from bot.understanding.said import Said

MOMENTS: Final = ("c_fasting", "c_post", "c_pre", "c_bed", "after", "before")
GRAMS: Final = 10  # grams of sugar in a litre of blood are fewer


class Measures:
    """Finds the readings of one message."""

    def __init__(self, ranges: Ranges) -> None:
        self.ranges = ranges

    def find(self, said: Said, amounts: list[Amount], context: Context, language: str, *, pressure: bool) -> list[ReadingFound]:
        """Readings in order of the text; amounts that became one get ``use`` "reading"."""
        if not amounts:
            return []
        named = pressure or said.has("m_bp") or context.expects == "blood_pressure"
        join_pressures(said, amounts, self.ranges, named=named)
        kinds = kinds_of(said, amounts, context, self.ranges)
        if said.has("target") or (said.has("past_long") and not said.has("now", "since")) or said.has("should"):
            for amount in amounts:
                if kinds.get(amount.start, ("", ""))[0] not in ("", "insulin_dose"):
                    amount.use = "target"
        self._ranges(said, amounts, kinds)
        self._corrections(said, amounts, kinds)
        moments = contexts_of(said, [amount for amount in amounts if kinds.get(amount.start, ("glucose",))[0] == "glucose"])
        found = []
        for amount in amounts:
            kind, unit = kinds.get(amount.start, ("", ""))
            if not kind or amount.use not in (None, "pressure"):
                continue
            if kind == "blood_pressure":
                reading: ReadingFound | None = pressure_reading(said, amount, self.ranges)
            else:
                reading = self._single(said, amount, kind, unit, context, language)
            if reading is None:
                continue
            if kind == "glucose" and (moment := moments.get(amount.start)):
                reading = msgspec.structs.replace(reading, context=moment)
            amount.use = "reading"
            found.append(reading)
        return found

    def _ranges(self, said: Said, amounts: list[Amount], kinds: dict[int, Kind]) -> None:
        """ "110 to 130", "110-130 ke beech": two values of one kind that bound a range are no reading."""
        for first, second in itertools.pairwise(amounts):
            kind = kinds.get(first.start, ("", ""))[0]
            if first.use or second.use or kind in ("", "blood_pressure") or kinds.get(second.start, (kind, ""))[0] != kind:
                continue
            between = range(first.end, second.start)
            if len(between) > 3:
                continue
            if any(tag.concept in NAMES or tag.concept in MOMENTS for place in between for tag in said.at.get(place, ())):
                continue
            dash = any(said.tokens[position].text in "-–~" and said.tokens[position].kind == "mark" for position in between)
            joined = dash or any(said.here(position, "range") for position in between)
            if (
                joined
                or said.near(("between",), second.end, second.end, 3)
                or said.near(("between",), first.start, first.start, 3)
            ):
                if said.has("correct") or (first.digits != second.digits and not joined):
                    continue
                first.use = second.use = "range"

    def _corrections(self, said: Said, amounts: list[Amount], kinds: dict[int, Kind]) -> None:
        """ "104 na na 140", "sorry 160 not 180": of two values of one kind the one that was not taken back."""
        sorry = said.all_of(("correct",))
        for first, second in itertools.pairwise(amounts):
            if first.use not in (None, "pressure") or second.use not in (None, "pressure"):
                continue
            kind, other = kinds.get(first.start, ("", ""))[0], kinds.get(second.start, ("", ""))[0]
            if not (kind or other) or (kind and other and other != kind):
                continue
            denied = [tag for tag in said.all_of(("neg", "instead")) if first.end <= tag.start < second.start]
            if denied:
                if (
                    any(tag.language in EUROPEAN for tag in denied)
                    and second.start - denied[0].end <= 1
                    and not any(first.end <= tag.start < second.start for tag in sorry)
                ):
                    second.use = "correction"
                elif second.start - first.end <= 6:
                    first.use = "correction"
            elif any(first.start <= tag.start for tag in sorry):
                first.use = "correction"
            else:
                continue
            if second.use is None and not other:
                kinds[second.start] = kinds[first.start]
            if first.use is None and not kind:
                kinds[first.start] = kinds[second.start]

    def _single(self, said: Said, amount: Amount, kind: str, unit: str, context: Context, language: str) -> ReadingFound | None:
        value, ranges = amount.value, self.ranges
        stated: str | None = unit or None
        stated_value: float | None = None
        problem: str | None = None
        if kind == "glucose":
            if not unit and value < GRAMS and said.here(amount.end, "gram_letter"):
                unit = "g/L"  # "glycémie à 5,2 g"
            value, stated, problem = self._glucose(amount, unit, context, language)
            stated_value = amount.value if stated == "mmol/L" else None
        elif kind == "weight" and unit == "lb":
            value, stated_value = value * ranges.kg_per_lb, value
        elif kind == "temperature":
            stated = unit or ("F" if value >= 80 else "C")
            if stated == "F":
                value, stated_value = (value - 32) / 1.8, value
        elif kind == "insulin_dose" and said.has("question", "should", "if", "can"):
            return None
        if kind == "hba1c" and unit == "" and value >= 20:
            value, stated_value, stated = value / 10.931 + 2.152, value, "mmol/mol"
        limits = ranges.kinds[kind]
        value = round(value, 2)
        problem = problem or limits.problem(value)
        raw = amount.text or f"{amount.value:g}"
        span = span_of(said, amount, kind)
        return ReadingFound(
            kind, value, unit=limits.unit, stated_unit=stated, stated_value=stated_value, problem=problem, raw=raw, span=span
        )

    def _glucose(self, amount: Amount, unit: str, context: Context, language: str) -> tuple[float, str | None, str | None]:
        """mg/dL, the unit it was stated in, and the problem, of a glucose number."""
        ranges, value = self.ranges, amount.value
        per = ranges.mg_dl_per_mmol_l
        if unit == "g/L":
            return value * 100, "mg/dL", None
        if unit == "mmol/L":
            return value * per, "mmol/L", None
        if unit == "mg/dL":
            return value, "mg/dL", None
        decimal = "." in amount.text or "," in amount.text
        if context.unit == "mmol/L" and value < 34:
            return value * per, "mmol/L", None
        if decimal and value < 4 and "fr" in (language, context.country.lower()):
            return value * 100, "mg/dL", None
        if decimal and value < 34:
            return value * per, "mmol/L", None
        if value < ranges.mmol_when_below:
            return value, None, "ambiguous_unit" if value >= 2 else "implausible"
        low, high = ranges.ambiguous_glucose
        if low <= value <= high and context.unit is None:
            return value, None, "ambiguous_unit"
        return value, None, None
