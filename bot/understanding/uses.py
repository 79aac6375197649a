"""Numbers that are no readings: clock times, dates, durations, ages, money, food, tablet strengths, phone and room numbers."""

from __future__ import annotations

import itertools
from typing import Final

from bot.understanding.amounts import Amount
from bot.understanding.said import Said
from bot.understanding.text import Token

AFTER: Final = {
    "oclock": "time", "hour": "duration", "minute": "duration", "day": "duration", "week": "duration", "month": "duration",
    "year": "age", "rupee": "price", "food": "food", "food_unit": "food", "times": "count", "tablet": "count", "u_mg": "strength",
    "u_km": "distance", "month_name": "date", "day_of_month": "date", "age": "age", "daypart_mark": "time", "u_ml": "food",
    "person": "count",
}  # fmt: skip
BEFORE: Final = {
    "age": "age", "drug": "strength", "tablet": "strength", "rupee": "price", "price": "price", "room": "room", "phone": "phone",
    "month_name": "date", "at_clock": "time", "ordinal_mark": "count",
}  # fmt: skip
DATE_WORDS: Final = ("de", "of", ".")  # between a day and its month: "5 de mayo", "5. Mai"
PIECES: Final = ("ta", "টা")  # Bengali counts pieces and hours with one word
SHORT: Final = 3  # digits after a "no" that begins a message: "no 124 not 142" speaks of no phone
SUGAR: Final = 40  # milligrams that may be meant of a decilitre of blood
SWALLOWED: Final = ("drug", "tablet", "medicine", "food", "took", "took_med")
UNIT_WORDS: Final = ("u_mgdl", "u_mmol", "u_gl", "u_kg", "u_lb", "u_bpm", "u_c", "u_f", "u_dose", "u_percent", "m_steps")
PARTS_OF_THE_DAY: Final = ("t_morning", "t_noon", "t_evening", "t_night")
MEASURED: Final = ("m_glucose", "m_bp", "m_weight", "m_pulse", "m_temp", "m_spo2", "m_ketone", "m_hba1c", "m_insulin", "m_steps")


def mark_uses(said: Said, amounts: list[Amount], *, pressure: bool = False) -> None:
    """Set ``use`` of every amount that counts something else than a measurement. ``pressure``: "18/11" may be one in cm Hg."""
    tokens = said.tokens
    for index, amount in enumerate(amounts):
        if amount.use is not None:
            continue
        after = {tag.concept for tag in said.at.get(amount.end, ()) if tag.start == amount.end}
        if amount.end + 1 < len(tokens) and tokens[amount.end].text in DATE_WORDS:
            after |= {tag.concept for tag in said.at.get(amount.end + 1, ()) if tag.concept == "month_name"}
        before = {tag.concept for tag in said.at.get(amount.start - 1, ())}
        following = tokens[amount.end].text if amount.end < len(tokens) else ""
        preceding = tokens[amount.start - 1].text if amount.start else ""
        digits = amount.text.replace(".", "").replace(",", "")
        if len(digits) >= 7:
            amount.use = "phone"
        elif preceding in ("₹", "$", "€") or following in ("₹", "€"):
            amount.use = "price"
        elif "u_mg" in after and said.near(("drug", "tablet", "medicine"), amount.start, amount.end, 3):
            amount.use = "strength"  # "500 mg metformin"
        elif "u_mg" in after and "m_glucose" in before and amount.value >= SUGAR and not said.has(*SWALLOWED):
            continue  # "sugar 180 mg": of a decilitre
        elif parts := _written_date(tokens, amounts, index):
            for part in parts:
                part.use = "date"
        elif following == ":" and index + 1 < len(amounts) and amounts[index + 1].start == amount.end + 1 and amount.value < 25:
            amount.use = amounts[index + 1].use = "time"
        elif (
            use := next((AFTER[name] for name in _first_clock(after) if name in AFTER and _may_be(name, amount)), None)
        ) and not (after & set(UNIT_WORDS)):
            amount.use = _age_or_year(use, amount)
            if _of_tablets(said, amount) and (use == "food" or (use == "time" and following in PIECES)):
                amount.use = "count"  # Bengali "20 ta" is no clock time beside tablets that were swallowed; "9 pm" always is
            if use == "duration" and "hour" in after and "at_clock" in before and amount.value <= 24:
                amount.use = "time"  # "à 8 h" is eight o'clock
        elif "drug" in (before if "at_clock" in before else before | _two_before(said, amount)) and not after & {"u_dose"}:
            amount.use = "strength"
        elif (
            use := next(
                (
                    BEFORE[name]
                    for name in sorted(before)
                    if name in BEFORE
                    and (name != "at_clock" or (amount.value <= 24 and "," not in amount.text))
                    and _may_be(name, amount)
                    and not (name == "phone" and amount.start == 1 and len(digits) <= SHORT and said.here(0, "no_word"))
                ),
                None,
            )
        ) and not after & set(UNIT_WORDS):
            amount.use = use
        elif (
            amount.digits
            and len(amount.text) == 4
            and amount.text.isdigit()
            and 1950 <= amount.value <= 2100
            and not _counts(said, amount)
        ):
            amount.use = "year"
        elif following == "/" and index + 1 < len(amounts) and amounts[index + 1].start == amount.end + 1:
            other = amounts[index + 1]
            if amount.value <= 31 and other.value <= 12 and not said.has("m_bp") and not pressure:
                amount.use = other.use = "date"
        elif (said.here(amount.start - 2, "age") and amount.value <= 110) or said.here(amount.start - 2, "phone", "room"):
            amount.use = "age" if said.here(amount.start - 2, "age") else "phone"
        elif not amount.digits and amount.value < 20 and not after & set(UNIT_WORDS):
            amount.use = "word"
    _shared_clock(said, amounts)


def _two_before(said: Said, amount: Amount) -> set[str]:
    return {tag.concept for tag in said.at.get(amount.start - 2, ())}


def _shared_clock(said: Said, amounts: list[Amount]) -> None:
    """ "subah 8 aur raat 8 baje": the hour beside a part of the day is a time, where another is or a reminder is wished."""
    if not said.has("remind", "reminder") and all(amount.use != "time" for amount in amounts):
        return
    for amount in amounts:
        if amount.use is not None or not amount.digits or not (0 < amount.value <= 24 and amount.value == int(amount.value)):
            continue
        beside = said.here(amount.start - 1, *PARTS_OF_THE_DAY) or any(
            said.here(place, *PARTS_OF_THE_DAY) for place in (amount.end, amount.end + 1, amount.end + 2)
        )
        if beside and not said.near(MEASURED, amount.start, amount.end, 3) and not said.here(amount.end, *UNIT_WORDS):
            amount.use = "time"


def _of_tablets(said: Said, amount: Amount) -> bool:
    return said.near(("tablet", "medicine"), amount.start, amount.end, 3) and said.has("took", "took_med", "ate", "swallow")


def _written_date(tokens: list[Token], amounts: list[Amount], index: int) -> list[Amount]:
    """ "23-11-2026", "23/11/26", "5.12.2026": day, month, year with the same mark between; empty when it is none.

    With full stops the first two have become one number.
    """
    parts = amounts[index : index + (2 if "." in amounts[index].text else 3)]
    if len(parts) < 2 or any(not amount.digits or amount.use is not None for amount in parts):
        return []
    if any(after.start != before.end + 1 for before, after in itertools.pairwise(parts)):
        return []
    marks = {tokens[part.end].text for part in parts[:-1]}
    numbers = [int(number) for part in parts for number in part.text.split(".") if number.isdigit()]
    if len(marks) != 1 or not marks <= {"-", "/", "."} or len(numbers) != 3:
        return []
    day, month, year = numbers
    return parts if 1 <= day <= 31 and 1 <= month <= 12 and (year < 100 or 1900 <= year <= 2100) else []


def _first_clock(concepts: set[str]) -> list[str]:
    """In order, o'clock first: some languages have one word for it and for an hour, in two cases."""
    return sorted(concepts, key=lambda name: (name != "oclock", name))


def _may_be(name: str, amount: Amount) -> bool:
    """Only 1 to 31 can be a day of the month: in "118 nd 201" people write "and". Beside its name stands a year, too; the Telugu
    "March" is also "changed", before the sugar of a new strip."""
    return name not in ("day_of_month", "month_name") or amount.value <= 31 or (name == "month_name" and amount.value >= 1950)


def _age_or_year(use: str, amount: Amount) -> str:
    return "duration" if use == "age" and amount.value < 3 else use


def _counts(said: Said, amount: Amount) -> bool:
    return said.near(("m_steps",), amount.start, amount.end, 3) or said.near(("m_glucose",), amount.start, amount.end, 3)
