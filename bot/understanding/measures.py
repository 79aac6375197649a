"""Readings: which numbers of a message are measurements, of what kind, in which unit, taken when.

A number becomes a reading only when something says so: a unit, a name of the measure, a meal context, or the question it answers.
Times, dates, ages, doses of tablets, prices, food, ranges and targets are marked as such first (``uses``) and never are.
"""

from __future__ import annotations

import itertools
from typing import Final

import msgspec

from bot.understanding.amounts import Amount
from bot.understanding.contexts import contexts_of, moments_said
from bot.understanding.languages import EUROPEAN
from bot.understanding.meaning import Context, ReadingFound
from bot.understanding.pressures import join_pressures, pressure_reading, span_of
from bot.understanding.ranges import Ranges
from bot.understanding.said import Said
from bot.understanding.uses import PARTS_OF_THE_DAY

NAMES: Final = {
    "m_glucose": "glucose", "m_bp": "blood_pressure", "m_pulse": "heart_rate", "m_weight": "weight", "m_hba1c": "hba1c",
    "m_spo2": "spo2", "m_temp": "temperature", "fever": "temperature", "m_steps": "steps", "m_insulin": "insulin_dose",
    "m_ketone": "ketones",
}  # fmt: skip
UNITS: Final = {
    "u_mgdl": ("glucose", "mg/dL"), "u_mmol": ("glucose", "mmol/L"), "u_gl": ("glucose", "g/L"), "u_kg": ("weight", "kg"),
    "u_lb": ("weight", "lb"), "u_bpm": ("heart_rate", "bpm"), "u_c": ("temperature", "C"), "u_f": ("temperature", "F"),
    "u_dose": ("insulin_dose", "units"), "m_steps": ("steps", "steps"),
}  # fmt: skip
FAR: Final = 12  # tokens between a meal context and the number after it
MOMENTS: Final = ("c_fasting", "c_post", "c_pre", "c_bed", "after", "before")
WHEN: Final = (*PARTS_OF_THE_DAY, "daypart", "day_word", "t_today", "t_yesterday", "t_kal", "at_clock", "filler", "marker")
"""What may stand beside a number that is a sugar for no other reason."""
GRAMS: Final = 10  # grams of sugar in a litre of blood are fewer
CLOSE: Final = 6  # tokens between a measure's name and its number
EXPECTED: Final = {
    "glucose": "glucose", "blood_pressure": "blood_pressure", "heart_rate": "heart_rate", "weight": "weight", "hba1c": "hba1c",
    "spo2": "spo2", "temperature": "temperature", "steps": "steps", "insulin_dose": "insulin_dose", "ketones": "ketones",
}  # fmt: skip


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
        kinds = self._kinds(said, amounts, context)
        if said.has("target") or (said.has("past_long") and not said.has("now", "since")) or self._asks_limits(said):
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

    def _kinds(self, said: Said, amounts: list[Amount], context: Context) -> dict[int, tuple[str, str]]:
        """Kind and stated unit of each amount, by its first token."""
        kinds: dict[int, tuple[str, str]] = {}
        names = said.all_of(NAMES)
        glucose = self.ranges.kinds["glucose"]
        used: set[tuple[int, str]] = set()
        open_amounts = [amount for amount in amounts if amount.use in (None, "pressure")]
        for amount in open_amounts:
            if amount.use == "pressure":
                kinds[amount.start] = ("blood_pressure", "")
        for index, amount in enumerate(open_amounts):
            if amount.start in kinds:
                continue
            floor = open_amounts[index - 1].end if index else 0
            ceiling = open_amounts[index + 1].start if index + 1 < len(open_amounts) else len(said.tokens)
            kind, unit = self._unit(said, amount)
            before = [tag for tag in names if floor <= tag.start and tag.end <= amount.start and amount.start - tag.end <= CLOSE]
            after = [tag for tag in names if amount.end <= tag.start < ceiling and tag.start - amount.end <= CLOSE]
            named = NAMES[before[-1].concept] if before else ""
            fresh = next((tag for tag in after if (tag.start, tag.concept) not in used), None)
            if kind == "percent":
                near = [NAMES[tag.concept] for tag in [*before[::-1], *after]]
                kind = next((name for name in near if name in ("hba1c", "spo2")), "hba1c" if 3 <= amount.value <= 20 else "spo2")
                kind = kind if near else ""
            if kind == "glucose" and unit == "mmol/L" and named == "ketones":
                kind = "ketones"
            if not kind and named and not self._taken_by_next(said, before[-1].start, amount):
                kind = named
            if not kind and self._in_meal_context(said, amount, floor, amount.end):
                kind = "glucose"
            if not kind and fresh is not None and not self._taken_by_next(said, fresh.start, amount):
                follows = next((other for other in open_amounts if other.start >= fresh.end), None)
                gap = fresh.start - amount.end
                if follows is None or gap <= 1 or follows.start - fresh.end > gap:
                    kind = NAMES[fresh.concept]
                    used.add((fresh.start, fresh.concept))
            if not kind and self._in_meal_context(said, amount, floor, ceiling):
                kind = "glucose"
            if not kind and context.expects in EXPECTED and len(open_amounts) <= 2:
                kind = EXPECTED[context.expects]
            if (
                not kind
                and index
                and kinds.get(open_amounts[index - 1].start, ("",))[0] == "glucose"
                and said.has("correct", "neg")
            ):
                kind = "glucose"
            if not kind and index and kinds.get(open_amounts[index - 1].start, ("",))[0] == "glucose":
                apart = range(floor, amount.start)
                if any(said.here(place, "daypart") for place in apart) and glucose.problem(amount.value) is None:
                    kind = "glucose"  # "fasting 98, evening 141"
            if kind and kind != "blood_pressure":
                kinds[amount.start] = (kind, unit)
        for earlier, later in reversed([*itertools.pairwise(open_amounts)]):
            bare = kinds.get(later.start, ("",))[0] == "glucose" and earlier.start not in kinds
            if bare and self._in_parts_of_a_day(said, earlier, later):
                kinds[earlier.start] = ("glucose", "")  # "morning 110 evening 156 sugar"
        if not kinds and self._only_parts_of_the_day(said, open_amounts):
            return {amount.start: ("glucose", "") for amount in open_amounts}
        return kinds

    def _only_parts_of_the_day(self, said: Said, amounts: list[Amount]) -> bool:
        """ "207 at night", "morning 132, evening 180": nothing is said but numbers and when they were measured. Only values that
        no other thing measured at home has."""
        parts = {tag.start for tag in said.all_of(PARTS_OF_THE_DAY)}
        numbers = {place for amount in amounts for place in range(amount.start, amount.end)}
        return (
            0 < len(amounts) <= len(parts)
            and all(self._like_sugar_alone(amount) for amount in amounts)
            and all(
                token.kind == "mark" or place in numbers or said.here(place, *WHEN) for place, token in enumerate(said.tokens)
            )
        )

    def _like_sugar_alone(self, amount: Amount) -> bool:
        high = self.ranges.kinds["glucose"].confirm[1]
        return amount.use is None and amount.digits and self.ranges.bare_glucose_from <= amount.value <= high

    def _in_parts_of_a_day(self, said: Said, first: Amount, second: Amount) -> bool:
        """Two values of one measure, each beside the part of the day at which it was taken."""
        beside = all(said.near(("daypart",), amount.start, amount.end, 2) for amount in (first, second))
        return beside and self.ranges.kinds["glucose"].problem(first.value) is None

    def _taken_by_next(self, said: Said, name_at: int, amount: Amount) -> bool:
        """ "insulin liya sugar 39" is no dose of 39: insulin needs a unit of dose right beside the number."""
        if said.here(name_at, "m_insulin"):
            return not any(said.here(position, "u_dose") for position in range(amount.start - 2, amount.end + 2))
        return False

    def _unit(self, said: Said, amount: Amount) -> tuple[str, str]:
        for position in (amount.end, amount.end + 1):
            for tag in said.at.get(position, ()):
                if tag.start != position or not tag.sure:
                    continue  # a unit is never guessed
                if tag.concept == "u_percent":
                    return "percent", "%"
                if tag.concept in UNITS and (
                    position == amount.end or tag.concept in ("u_mgdl", "u_mmol", "u_kg", "m_steps", "u_dose")
                ):
                    kind, unit = UNITS[tag.concept]
                    return kind, unit
            if position < len(said.tokens) and said.tokens[position].kind == "mark" and said.tokens[position].text != "°":
                break
        before = amount.start - 1
        if said.here(before, "u_dose"):
            return "insulin_dose", "units"
        return "", ""

    def _in_meal_context(self, said: Said, amount: Amount, floor: int, ceiling: int) -> bool:
        low, high = max(floor, amount.start - FAR), min(ceiling, amount.end + CLOSE)
        if amount.value < 20 and "." not in amount.text and "," not in amount.text:
            return False
        inside = [start for start, end, _ in moments_said(said) if low <= start and end <= high]
        return bool(inside) and not said.has("drug")

    def _asks_limits(self, said: Said) -> bool:
        return said.has("should")

    def _ranges(self, said: Said, amounts: list[Amount], kinds: dict[int, tuple[str, str]]) -> None:
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

    def _corrections(self, said: Said, amounts: list[Amount], kinds: dict[int, tuple[str, str]]) -> None:
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
