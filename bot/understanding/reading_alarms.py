"""Alarms that a number raises: a low or extreme glucose, ketones, oxygen, pressure, fever, ten times the insulin."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from bot.understanding.amounts import Amount
from bot.understanding.frames import well_again
from bot.understanding.gaps import clause_between
from bot.understanding.meaning import ReadingFound, Urgency
from bot.understanding.ranges import Ranges
from bot.understanding.said import Said
from bot.understanding.suppositions import supposed

WORDS_FROM_METER: Final = 4  # tokens between a meter and the number it shows
LARGE_IN_WORDS: Final = 100  # of smaller ones too much else is counted
MOST_TABLETS: Final = 100  # beyond this a number is a strength
DAYS_BEFORE: Final = (
    "t_yesterday", "t_before_yesterday",
    "t_monday", "t_tuesday", "t_wednesday", "t_thursday", "t_friday", "t_saturday", "t_sunday",
)  # fmt: skip
LOW_SIGNS: Final = (
    "tremble",
    "sweat",
    "dizzy",
    "confused",
    "cold_body",
    "weak",
    "low_word",
    "sugar_taken",
    "collapse",
    "faint",
    "unconscious",
    "drowsy",
    "hungry",
    "anxious",
    "hypo",
    "drool",
)
FELT_LOW: Final = tuple(sign for sign in LOW_SIGNS if sign not in ("low_word", "hypo", "sugar_taken"))
KETO_SIGNS: Final = ("vomit", "drowsy", "fast_breath", "belly", "confused", "fruity", "breathless", "unconscious", "nausea")
HIGH_SIGNS: Final = ("thirst", "urinate", "dry", "tired", "missed", "ran_out")
PRESSURE_SIGNS: Final = (
    "headache",
    "head",
    "blur",
    "floaters",
    "vision",
    "confused",
    "dizzy",
    "vomit",
    "weak",
    "numb",
    "slur",
    "droop",
    "breathless",
    "nosebleed",
    "anxious",
)


class Signal(Struct, frozen=True):
    """One reason for alarm: tokens start..end-1 and the rule that saw it."""

    category: str
    urgency: Urgency
    rule: str
    start: int
    end: int


def reading_signals(
    said: Said, readings: list[ReadingFound], amounts: list[Amount], ranges: Ranges, seen: set[str]
) -> list[Signal]:
    """Signals of the numbers of a message; nothing for values told as past, asked about in general, or in a story."""
    if said.has("fiction", "joke", "animal", "target", "should") or (said.has("if", "edu") and not said.has("now", "since")):
        return []
    if said.has("past_long") and not said.has("since"):
        return []
    signals: list[Signal] = []
    places = {reading.span.start: reading for reading in readings if reading.span is not None}
    for amount in amounts:
        if well_again(said, amount.end) or _of_last_week(said, amount) or _since_well(said, amount):
            continue
        if supposed(said, [], amount.start, amount.end):
            continue  # "if sugar passes 300, to hospital?"
        reading = places.get(said.tokens[amount.start].start)
        found = _of_reading(said, reading, ranges, seen) if reading else _of_number(said, amount, ranges)
        signals += [Signal(category, urgency, rule, amount.start, amount.end) for category, urgency, rule in found]
    signals += _of_meter(said)
    signals += _ten_times(said, amounts)
    return signals


def _of_last_week(said: Said, amount: Amount) -> bool:
    """ "Last week sugar 48, the doctor reduced the dose": a number of then, and nothing of now."""
    if said.has("now", "t_today", "since", "still", "again", "ongoing", "severe"):
        return False
    return any(
        said.here(tag.start, "recent", "past")
        and (0 <= amount.start - tag.end <= 2 or 0 <= tag.start - amount.end <= 2)
        and not clause_between(said, min(tag.end, amount.end), max(tag.start, amount.start))
        for tag in said.by.get("past_week", ())
    )


def _since_well(said: Said, amount: Amount) -> bool:
    """ "On Sunday sugar 50, ate and it came right"."""
    if not said.has(*DAYS_BEFORE) or said.has("now", "t_today", "still", "again", "since"):
        return False
    return any(
        tag.start >= amount.end and not said.here(tag.end, "neg") for tag in said.all_of(("relieved", "fine", "is_normal"))
    )


def risen(said: Said, amounts: list[Amount], ranges: Ranges) -> bool:
    """ "It was 58, took sugar, now 110": behind a low number a present one that is neither low nor high."""
    danger = ranges.danger
    if said.has("again", "still", "confused", "unconscious"):
        return False
    told = [amount for amount in amounts if amount.use in (None, "reading")]
    return any(
        ranges.kinds["glucose"].accept[0] <= low.value < danger.glucose_low_below <= later.value < danger.glucose_high_from
        and low.start < later.start
        and not said.near(("now",), low.start, low.end, 2)
        and (said.near(("now",), later.start, later.end, 3) or _after_sugar(said, low, later))
        for low in told
        for later in told
    )


def not_low(said: Said, amounts: list[Amount], ranges: Ranges) -> bool:
    """ "Sugar fell from 250 to 140": it went down, and not to where it is low; nothing is felt of it."""
    told = [amount.value for amount in amounts if amount.digits and amount.use in (None, "reading", "range")]
    low = ranges.danger.glucose_low_below
    return bool(told) and low <= min(told) and max(told) <= ranges.kinds["glucose"].confirm[1] and not said.has(*FELT_LOW)


def _after_sugar(said: Said, low: Amount, later: Amount) -> bool:
    """ "62 in the morning, had a biscuit, 105": the number that ends the message, behind the sugar taken for the low one."""
    ends = all(token.kind == "mark" for token in said.tokens[later.end :])
    return ends and any(low.end <= tag.start < later.start for tag in said.by.get("sugar_taken", ()))


def _of_reading(said: Said, reading: ReadingFound, ranges: Ranges, seen: set[str]) -> list[tuple[str, Urgency, str]]:
    value = reading.value or 0.0
    if reading.kind == "glucose" and reading.problem != "implausible":
        return _glucose(said, value, ranges, seen)
    if reading.kind == "ketones":
        if value >= ranges.danger.ketones_emergency_from or (
            value >= ranges.danger.ketones_urgent_from and said.has(*KETO_SIGNS)
        ):
            return [("dka", "emergency", "ketones_high")]
        return [("hyperglycaemia_symptoms", "urgent", "ketones_raised")] if value >= ranges.danger.ketones_urgent_from else []
    if reading.kind == "spo2" and value >= ranges.danger.spo2_least:
        if value < ranges.danger.spo2_emergency_below:
            return [("breathing", "emergency", "oxygen_low")]
        return [("breathing", "urgent", "oxygen_lowish")] if value < ranges.danger.spo2_urgent_below else []
    if reading.kind == "temperature" and value >= ranges.danger.fever_from and reading.problem != "implausible":
        return [("infection_fever", "urgent", "fever_measured")]
    if reading.kind == "blood_pressure":
        return _pressure(said, reading, ranges)
    wrong_dose = said.has("instead", "by_mistake", "double") or value >= ranges.danger.insulin_overdose_from
    if reading.kind == "insulin_dose" and wrong_dose:
        return [("poisoning_overdose", "emergency", "insulin_too_much")]
    return []


def _glucose(said: Said, value: float, ranges: Ranges, seen: set[str]) -> list[tuple[str, Urgency, str]]:
    if value < ranges.danger.glucose_least:
        return []
    if value < ranges.danger.glucose_critical_below:
        return [("severe_hypoglycaemia", "emergency", "glucose_critical")]
    if value < ranges.danger.glucose_low_below:
        grave = said.has("confused", "unconscious", "slur", "seizure") or "unconscious" in seen
        return (
            [("severe_hypoglycaemia", "emergency", "glucose_low_confused")]
            if grave
            else [("mild_hypoglycaemia", "urgent", "glucose_low")]
        )
    if value >= ranges.danger.glucose_extreme_from:
        return [("dka", "emergency", "glucose_extreme")]
    if value >= ranges.danger.glucose_high_from:
        if said.has(*KETO_SIGNS) or (said.has("breath") and not said.has("neg", "fine", "no_trouble", "breath_denied")):
            return [("dka", "emergency", "glucose_high_unwell")]
        if said.has("ran_out", "missed") and said.has("m_insulin"):
            return [("missed_insulin", "urgent", "insulin_missed_high")]
        if said.has(*HIGH_SIGNS) or value >= ranges.danger.glucose_very_high_from:
            return [("hyperglycaemia_symptoms", "urgent", "glucose_high")]
    return []


def _pressure(said: Said, reading: ReadingFound, ranges: Ranges) -> list[tuple[str, Urgency, str]]:
    systolic, diastolic = reading.systolic or 0, reading.diastolic or 0
    signs = said.has(*PRESSURE_SIGNS)
    danger = ranges.danger
    if said.has("pregnant") and (
        systolic >= danger.systolic_pregnant_from
        or diastolic >= danger.diastolic_pregnant_from
        or (signs and (systolic >= danger.systolic_high_from or diastolic >= danger.diastolic_high_from))
    ):
        return [("pregnancy_danger", "emergency", "pressure_pregnant")]
    if systolic >= ranges.danger.systolic_severe_from or diastolic >= ranges.danger.diastolic_severe_from:
        return (
            [("stroke", "emergency", "pressure_severe_signs")] if signs else [("high_bp_symptoms", "urgent", "pressure_severe")]
        )
    if (systolic >= ranges.danger.systolic_high_from or diastolic >= ranges.danger.diastolic_high_from) and signs:
        return [("high_bp_symptoms", "urgent", "pressure_high_signs")]
    return []


def _of_number(said: Said, amount: Amount, ranges: Ranges) -> list[tuple[str, Urgency, str]]:
    """A bare number beside signs of low or high sugar, beside a fever, or of tablets swallowed."""
    swallowed = said.has("took", "took_med", "ate", "swallow") and not said.has("question", "can", "should")
    tablets = said.near(("tablet",), amount.end, amount.end + 1, 2) and not said.here(amount.start - 1, "drug")
    tablets = tablets or (amount.use == "count" and said.near(("tablet", "medicine"), amount.start, amount.end, 3))
    if amount.use == "strength" and swallowed and _pills_counted(said, amount, ranges):
        return [("poisoning_overdose", "emergency", "pills_counted")]
    if swallowed and amount.digits and amount.use in (None, "count") and _pills_mistaken(said, amount):
        return [("poisoning_overdose", "emergency", "pills_mistaken")]
    many = ranges.danger.tablets_overdose_from <= amount.value <= MOST_TABLETS
    if amount.use in (None, "count") and many and swallowed:
        if tablets:
            return [("poisoning_overdose", "emergency", "tablets_many")]
        if said.here(amount.end, "drug"):  # twenty of a tablet, or its strength
            return [("poisoning_overdose", "confirm", "drug_many")]
    if amount.use not in (None, "range") or not (amount.digits or _told_by_meter(said, amount)):
        return []
    value = amount.value
    if amount.use is None and "," in amount.text and value < 1 and said.has(*LOW_SIGNS):
        value *= 100  # "0,58 et je tremble": grams a litre
    elif (
        amount.use is None and amount.text.startswith("0,") and len(amount.text) == len("0,29") and said.has("is_now", "ongoing")
    ):
        return _glucose(said, value * 100, ranges, set())  # "il est à 0,29"
    elif amount.use is None and _low_in_mmol(said, amount, ranges):
        return _glucose(said, value * ranges.mg_dl_per_mmol_l, ranges, set())
    if amount.use is None and (said.has(*LOW_SIGNS, "m_insulin") or (said.has("injection") and said.has("food_missed"))):
        if ranges.kinds["glucose"].confirm[0] <= value < ranges.danger.glucose_critical_below and said.has(
            *LOW_SIGNS, "m_glucose", "food_missed"
        ):
            return [("severe_hypoglycaemia", "emergency", "number_critical")]
        if ranges.danger.glucose_critical_below <= value < ranges.danger.glucose_low_below and said.has(*LOW_SIGNS):
            return [("mild_hypoglycaemia", "urgent", "number_low")]
    if ranges.danger.glucose_high_from <= value <= ranges.kinds["glucose"].confirm[1]:
        if said.has("m_insulin") and said.has("ran_out", "missed"):
            return [("missed_insulin", "urgent", "number_high_missed")]
        if said.has("vomit", "fast_breath", "fruity", "drowsy"):
            return [("dka", "emergency", "number_high_unwell")]
        lasting = value >= ranges.danger.glucose_very_high_from and said.has("since", "day", "week")
        lasting = lasting and said.has("tired", "weak", "above")
        if said.has("thirst", "urinate", "dry") or (lasting and not said.has("m_steps")):
            return [("hyperglycaemia_symptoms", "urgent", "number_high")]
    if ranges.danger.systolic_severe_from <= value <= ranges.kinds["systolic"].confirm[1] and said.near(
        ("m_bp",), amount.start, amount.end, 4
    ):
        return [("high_bp_symptoms", "urgent", "number_pressure")] if said.has(*PRESSURE_SIGNS) else []
    if said.has("fever", "chill") and ranges.is_fever(value):
        return [("infection_fever", "urgent", "number_fever")]
    return []


def _told_by_meter(said: Said, amount: Amount) -> bool:
    """ "The machine shows forty one", "above five hundred and fifty": a number in words that counts nothing else."""
    if amount.use is not None:
        return False
    return said.near(("meter", "measured"), amount.start, amount.end, WORDS_FROM_METER) or (
        amount.value >= LARGE_IN_WORDS and said.near(("above",), amount.end, amount.end, 2)
    )


def _low_in_mmol(said: Said, amount: Amount, ranges: Ranges) -> bool:
    """ "The meter says 2.3 and I am shaking": a decimal that no other unit of a meter has."""
    low = ranges.danger.glucose_least <= amount.value * ranges.mg_dl_per_mmol_l < ranges.danger.glucose_low_below
    return low and not amount.text.isdigit() and said.has("meter", "measured", "hypo", "m_glucose") and said.has(*LOW_SIGNS)


def _pills_counted(said: Said, amount: Amount, ranges: Ranges) -> bool:
    """ "Sleeping tablets 20 taken": a count and no strength, of pills for sleep or taken by mistake."""
    if not ranges.danger.tablets_overdose_from <= amount.value <= MOST_TABLETS or not said.here(amount.start - 1, "tablet"):
        return False
    taken = said.near(("took", "took_med", "ate", "swallow"), amount.end, amount.end, 2)
    return taken and (said.here(amount.start - 2, "sleep") or said.has("by_mistake"))


def _pills_mistaken(said: Said, amount: Amount) -> bool:
    """ "The BP tablet, 5 eaten by mistake": more than one, counted right before the eating or the tablets."""
    if (
        not 2 <= amount.value <= MOST_TABLETS
        or amount.value != int(amount.value)
        or not said.has("by_mistake")
        or said.has("photo", "restock", "bought")
    ):
        return False
    eaten = said.here(amount.end, "took", "took_med", "ate", "swallow") and said.near(("tablet",), amount.start, amount.start, 4)
    return eaten or said.here(amount.end, "tablet")


def _ten_times(said: Said, amounts: list[Amount]) -> list[Signal]:
    """Insulin of ten times the number that is told beside it: 3 units were due, 30 were given."""
    if not said.has("m_insulin", "u_dose", "injection") or said.has("should", "can", "m_glucose"):
        return []
    doses = [amount for amount in amounts if amount.digits and amount.value >= 2 and amount.use in (None, "reading", "range")]
    for small in doses:
        for large in doses:
            if large.value == 10 * small.value:
                wrong = said.has("by_mistake", "instead", "double", "put", "too_much")
                low, high = min(small.start, large.start), max(small.end, large.end)
                return [Signal("poisoning_overdose", "emergency" if wrong else "confirm", "insulin_ten_times", low, high)]
    return []


def _of_meter(said: Said) -> list[Signal]:
    """The meter says LO or HI instead of a number."""
    found = []
    for word in said.by.get("meter_lo", ()):
        if said.has("m_glucose", "meter", "measured") and not said.has("neg_past"):
            found.append(Signal("severe_hypoglycaemia", "emergency", "meter_lo", word.start, word.end))
        elif said.has("meter_alone"):
            found.append(Signal("severe_hypoglycaemia", "confirm", "meter_lo", word.start, word.end))
    for word in said.by.get("meter_hi", ()):
        if said.near(("m_glucose", "meter"), word.start, word.end, 5):
            found.append(Signal("dka", "emergency", "meter_hi", word.start, word.end))
    return found
