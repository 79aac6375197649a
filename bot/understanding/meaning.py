"""What a message means: the result of understanding, as plain data."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

Urgency = Literal["emergency", "urgent", "confirm", "none"]


class Span(Struct, frozen=True):
    """Characters start..end of the original text, and the rule or word that matched there."""

    start: int
    end: int
    rule: str


class ReadingFound(Struct, frozen=True, omit_defaults=True):
    """One measurement in the text. ``value`` (or systolic/diastolic) is in the canonical unit of its kind (glucose: mg/dL)."""

    kind: str
    value: float | None = None
    systolic: int | None = None
    diastolic: int | None = None
    unit: str | None = None  # canonical unit of ``value``
    stated_unit: str | None = None  # the unit the person wrote, or the one their number can only be in
    stated_value: float | None = None  # the number in ``stated_unit`` when that is not the canonical unit
    context: str | None = None  # fasting, before_meal, after_meal, bedtime
    problem: str | None = None  # implausible, ambiguous_unit, unlikely: ask before it is stored
    raw: str | None = None
    span: Span | None = None


class IntentFound(Struct, frozen=True, omit_defaults=True):
    """``span``: where the words stand that decided, with the rule (its concepts, or what else made it)."""

    id: str
    score: float  # 0..1
    runner_up: str | None = None
    runner_up_score: float = 0.0
    span: Span | None = None


class NumberFound(Struct, frozen=True, omit_defaults=True):
    """A number of the message. ``use``: what it counts when it is no free number (reading, time, date, age, strength, ...)."""

    value: float
    span: Span
    use: str | None = None


class Context(Struct, frozen=True, omit_defaults=True):
    """What is known when the message is read. ``expects``: type of the pending question (glucose, choice, number, ...)."""

    expects: str | None = None
    language: str | None = None
    country: str = "IN"
    unit: str | None = None  # the person's glucose unit: "mg/dL" or "mmol/L"
    conditions: tuple[str, ...] = ()
    now: float = 0.0
    zone: str = "Asia/Kolkata"


class Meaning(Struct, frozen=True, omit_defaults=True):
    """``command`` is one of the always-available words when the *whole message* is one: menu, help, stop, start, language,
    human, cancel, back, repeat, skip, what, continue. ``numbers`` are all plain numbers in order; ``amounts`` every number, with
    what it counts; ``durations`` are spans of time, in seconds.
    ``spans`` give the places and rules of alarms and readings, and of the command."""

    urgency: Urgency = "none"
    category: str | None = None
    intent: IntentFound | None = None
    command: str | None = None
    readings: tuple[ReadingFound, ...] = ()
    numbers: tuple[float, ...] = ()
    amounts: tuple[NumberFound, ...] = ()
    durations: tuple[float, ...] = ()
    yes_no: bool | None = None
    well: bool | None = None  # says to be well or only agrees ("ok", "theek hai"); False: says not to be ("theek nahi")
    denies: bool = False  # some "no" or "not" is in it
    only_no: bool = False  # a "no" and nothing that it could be said of: "nahi ji", and not "nahi aati", does not come
    over: bool = False  # something is "gone", "cured" or not "any more", and nobody else is spoken of
    unable: bool = False  # somebody cannot, or does not know: "english raadu", "I can't read this"
    another: bool = False  # its reading is said to be somebody else's: "her sugar 220"
    moment: str | None = None  # of a measurement (as a reading's context), in an answer to a question: "khane ke baad"
    corrects: bool = False  # the words of a correction: "sorry 160", "no, 142 not 124"
    language: str = "en"
    script: str = "native"  # native, roman, mixed
    times: tuple[dict[str, Any], ...] = ()
    spans: tuple[Span, ...] = ()
