"""What each number of a message measures, if anything: by its unit, a name before or behind it, a meal, or what was asked."""

from __future__ import annotations

import itertools
from typing import Final

from bot.understanding.amounts import Amount
from bot.understanding.contexts import moments_said
from bot.understanding.lexicon import Tag
from bot.understanding.meaning import Context
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
WHEN: Final = (*PARTS_OF_THE_DAY, "daypart", "day_word", "t_today", "t_yesterday", "t_kal", "at_clock", "filler", "marker")
"""What may stand beside a number that is a sugar for no other reason."""
CLOSE: Final = 6  # tokens between a measure's name and its number
EXPECTED: Final = {
    "glucose": "glucose", "blood_pressure": "blood_pressure", "heart_rate": "heart_rate", "weight": "weight", "hba1c": "hba1c",
    "spo2": "spo2", "temperature": "temperature", "steps": "steps", "insulin_dose": "insulin_dose", "ketones": "ketones",
}  # fmt: skip

Kind = tuple[str, str]
"""What is measured, and the unit that was said; both may be empty."""


def kinds_of(said: Said, amounts: list[Amount], context: Context, ranges: Ranges) -> dict[int, Kind]:
    """Kind and stated unit of each amount that measures something, by its first token."""
    return _Kinds(said, [one for one in amounts if one.use in (None, "pressure")], context, ranges).all()


class _Kinds:
    """``amounts``: those that nothing else has taken."""

    def __init__(self, said: Said, amounts: list[Amount], context: Context, ranges: Ranges) -> None:
        self._said, self._amounts, self._context = said, amounts, context
        self._glucose, self._bare_from = ranges.kinds["glucose"], ranges.bare_glucose_from
        self._names = said.all_of(NAMES)
        self._used: set[tuple[int, str]] = set()  # names behind a number, which are not also before the next one
        self._found: dict[int, Kind] = {}

    def all(self) -> dict[int, Kind]:
        for amount in self._amounts:
            if amount.use == "pressure":
                self._found[amount.start] = ("blood_pressure", "")
        for index, amount in enumerate(self._amounts):
            if amount.start in self._found:
                continue
            kind, unit = self._kind(index, amount)
            if kind and kind != "blood_pressure":
                self._found[amount.start] = (kind, unit)
        for earlier, later in reversed([*itertools.pairwise(self._amounts)]):
            bare = self._is_glucose(later) and earlier.start not in self._found
            if bare and self._in_parts_of_a_day(earlier, later):
                self._found[earlier.start] = ("glucose", "")  # "morning 110 evening 156 sugar"
        if not self._found and self._only_parts_of_the_day():
            return {amount.start: ("glucose", "") for amount in self._amounts}
        return self._found

    def _kind(self, index: int, amount: Amount) -> Kind:
        """The surest sign first."""
        said = self._said
        floor = self._amounts[index - 1].end if index else 0
        ceiling = self._amounts[index + 1].start if index + 1 < len(self._amounts) else len(said.tokens)
        kind, unit = _unit(said, amount)
        before = [
            tag for tag in self._names if floor <= tag.start and tag.end <= amount.start and amount.start - tag.end <= CLOSE
        ]
        after = [tag for tag in self._names if amount.end <= tag.start < ceiling and tag.start - amount.end <= CLOSE]
        named = NAMES[before[-1].concept] if before else ""
        fresh = next((tag for tag in after if (tag.start, tag.concept) not in self._used), None)
        if kind == "percent":
            near = [NAMES[tag.concept] for tag in [*before[::-1], *after]]
            kind = next((name for name in near if name in ("hba1c", "spo2")), "hba1c" if 3 <= amount.value <= 20 else "spo2")
            kind = kind if near else ""
        if kind == "glucose" and unit == "mmol/L" and named == "ketones":
            kind = "ketones"
        if not kind and named and not _taken_by_next(said, before[-1].start, amount):
            kind = named
        if not kind and _in_meal_context(said, amount, floor, amount.end):
            kind = "glucose"
        if not kind and fresh is not None and not _taken_by_next(said, fresh.start, amount):
            kind = self._named_behind(amount, fresh)
        if not kind and _in_meal_context(said, amount, floor, ceiling):
            kind = "glucose"
        if not kind and self._context.expects in EXPECTED and len(self._amounts) <= 2:
            kind = EXPECTED[self._context.expects]
        if not kind and index and self._is_glucose(self._amounts[index - 1]) and self._one_more(floor, amount):
            kind = "glucose"
        return kind, unit

    def _named_behind(self, amount: Amount, name: Tag) -> str:
        """A name behind a number is this one's, where it is not nearer to the next."""
        follows = next((other for other in self._amounts if other.start >= name.end), None)
        gap = name.start - amount.end
        if follows is not None and gap > 1 and follows.start - name.end <= gap:
            return ""
        self._used.add((name.start, name.concept))
        return NAMES[name.concept]

    def _one_more(self, floor: int, amount: Amount) -> bool:
        """Behind a sugar: put right ("104, no, 140"), or of another part of the day ("fasting 98, evening 141")."""
        if self._said.has("correct", "neg"):
            return True
        apart = range(floor, amount.start)
        return any(self._said.here(place, "daypart") for place in apart) and self._glucose.problem(amount.value) is None

    def _is_glucose(self, amount: Amount) -> bool:
        return self._found.get(amount.start, ("",))[0] == "glucose"

    def _only_parts_of_the_day(self) -> bool:
        """ "207 at night", "morning 132, evening 180": nothing is said but numbers and when they were measured. Only values that
        no other thing measured at home has."""
        said, amounts = self._said, self._amounts
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
        return amount.use is None and amount.digits and self._bare_from <= amount.value <= self._glucose.confirm[1]

    def _in_parts_of_a_day(self, first: Amount, second: Amount) -> bool:
        """Two values of one measure, each beside the part of the day at which it was taken."""
        beside = all(self._said.near(("daypart",), amount.start, amount.end, 2) for amount in (first, second))
        return beside and self._glucose.problem(first.value) is None


def _taken_by_next(said: Said, name_at: int, amount: Amount) -> bool:
    """ "insulin liya sugar 39" is no dose of 39: insulin needs a unit of dose right beside the number."""
    if said.here(name_at, "m_insulin"):
        return not any(said.here(position, "u_dose") for position in range(amount.start - 2, amount.end + 2))
    return False


def _unit(said: Said, amount: Amount) -> tuple[str, str]:
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


def _in_meal_context(said: Said, amount: Amount, floor: int, ceiling: int) -> bool:
    low, high = max(floor, amount.start - FAR), min(ceiling, amount.end + CLOSE)
    if amount.value < 20 and "." not in amount.text and "," not in amount.text:
        return False
    inside = [start for start, end, _ in moments_said(said) if low <= start and end <= high]
    return bool(inside) and not said.has("drug")
