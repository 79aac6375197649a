"""The types of answers, and the variables that each of them fills. The reference and the checks read them here."""

from __future__ import annotations

from typing import Final, Literal, get_args

AnswerType = Literal[
    "text", "name", "number", "year", "rating", "yes_no", "date", "time", "time_range", "phone",
    "location", "photo", "voice", "document", "contact",
    "glucose", "meal_context", "blood_pressure", "heart_rate", "weight", "temperature", "spo2", "hba1c", "ketones", "steps",
    "insulin_dose",
]  # fmt: skip
ReadingKind = Literal[
    "glucose", "blood_pressure", "heart_rate", "weight", "temperature", "spo2", "hba1c", "ketones", "steps", "insulin_dose"
]
READINGS: Final = frozenset(get_args(ReadingKind))
FREE: Final = frozenset({"text", "name"})  # takes any words
MOMENTS: Final = frozenset({"date", "time"})
MEDIA: Final = {"photo": "image", "voice": "audio", "document": "document", "location": "location", "contact": "contact"}
"""Answers that are no words -> the kind of message that brings them."""

SPANS: Final = {"minute": 60.0, "min": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}
"""Units of a number that is a span of time -> seconds. "1 hour" then answers a question for minutes."""

WORDS: Final = ("words", "words_2", "words_3", "words_4", "words_5", "words_6")
GIVEN: Final = (*WORDS, "kind", "ref", "quoted", "message", "target")
"""What a flow gets that starts ``from: care_team``: the words as written, in parts; the kind of message; its file; the id of our
message that it quotes ("unknown" for any other); its own id; the id of the message that it changes or takes back."""

# Of every reading: what was written, its unit, the number as written, and why it has to be asked about.
_READING: Final = ("raw", "unit", "number", "problem")
_PARTS: Final = {"time": ("unsure",), "time_range": ("from", "to", "unsure")}
_MAYBE: Final = frozenset({"raw", "unit", "problem", "unsure"})


def parts_of(name: str, kind: str) -> tuple[str, ...]:
    """The variables that an answer fills beside the one with its own name."""
    if kind in READINGS:
        own = tuple(f"{name}_{part}" for part in _READING)
        more = ("systolic", "diastolic") if kind == "blood_pressure" else ()
        return (*own, "measured_at", *more)
    return tuple(f"{name}_{part}" for part in _PARTS.get(kind, ()))


def sure_parts_of(name: str, kind: str) -> frozenset[str]:
    """Those of them that surely have a value when the answer has one."""
    return frozenset(part for part in parts_of(name, kind) if part.rsplit("_", 1)[-1] not in _MAYBE)
