"""What words mean as a day, a time, a span, a phone number, a rating: on Tuesday, 25 November 2025, 11:30 in India."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.answers import read_slots
from bot.dialogue.flow import Slot, Step
from bot.dialogue.heard import Heard
from bot.model.ids import GatewayId, InputId, person_of
from bot.model.inbound import Contact, Inbound
from bot.understanding.meaning import Context
from tests.reading import our_reader

NOW = 1_764_050_400.0
ZONE = "Asia/Kolkata"


def answer(text: str, kind: str, contacts: tuple[Contact, ...] = (), code: str = "91", **more: Any) -> Any:
    meaning = our_reader().understand(text, Context(expects=kind, now=NOW, zone=ZONE))
    event = Inbound(
        InputId("a"), person_of("x"), "main", "cloud", "1", GatewayId("a"), "text", NOW, NOW, text=text, contacts=contacts
    )
    step = Step("flow", "ask", "reply", slots=(Slot("it", kind, **more),))
    found = read_slots(step, Heard(event, meaning, text, NOW, ZONE, "hi", code), {})
    return found and found["it"]


@pytest.mark.parametrize(
    ("text", "in_the", "day"),
    [
        ("23-11-2026", None, "2026-11-23"), ("2026-11-23", None, "2026-11-23"), ("23/11/26", None, "2026-11-23"),
        ("२३-११-२०२६", None, "2026-11-23"), ("31-2-2026", None, None), ("23 nov", None, "2025-11-23"),
        ("23 nov", "future", "2026-11-23"), ("November 23rd", "past", "2025-11-23"), ("3 दिसंबर", "future", "2025-12-03"),
        ("1/12", "past", "2024-12-01"), ("tomorrow", "future", "2025-11-26"), ("tomorrow", "past", None),
        ("yesterday", "past", "2025-11-24"), ("yesterday", "future", None), ("kal", "future", "2025-11-26"),
        ("kal", "past", "2025-11-24"), ("kal", None, None), ("today", "future", "2025-11-25"),
        ("friday", "future", "2025-11-28"), ("friday", "past", "2025-11-21"), ("tuesday", "future", "2025-12-02"),
        ("tuesday", "past", "2025-11-18"), ("3 days ago", "past", "2025-11-22"), ("in 2 weeks", "future", "2025-12-09"),
        ("soon", "future", None), ("120/80", None, None),
    ],
)  # fmt: skip
def test_a_day_in_many_words(text: str, in_the: str | None, day: str | None) -> None:
    assert answer(text, "date", in_the=in_the) == day


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("8", "08:00"), ("8:30", "08:30"), ("8.30 pm", "20:30"), ("20:15", "20:15"), ("12 am", "00:00"), ("12:10 pm", "12:10"),
        ("at 7 in the evening", "19:00"), ("subah 8 baje", "08:00"), ("in 2 hours", "13:30"), ("25", None), ("later", None),
        ("८ बजे", "08:00"),
    ],
)  # fmt: skip
def test_a_time_in_many_words(text: str, clock: str | None) -> None:
    assert answer(text, "time") == clock


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("4 to 6 pm", "16:00-18:00"), ("11 to 1 pm", "11:00-13:00"), ("between 9 and 11", "09:00-11:00"),
        ("9:30-11:00", "09:30-11:00"), ("morning", "04:00-11:00"), ("4 to 6 in the evening", "16:00-18:00"), ("6 to 4", None),
        ("whenever", None),
    ],
)  # fmt: skip
def test_a_span_of_time(text: str, span: str | None) -> None:
    assert answer(text, "time_range") == span


@pytest.mark.parametrize(
    ("text", "code", "phone"),
    [
        ("98765 43210", "91", "+919876543210"), ("098765-43210", "91", "+919876543210"), ("919876543210", "91", "+919876543210"),
        ("+44 7700 900123", "91", "+447700900123"), ("0044 7700 900123", "91", "+447700900123"),
        ("९८७६५४३२१०", "91", "+919876543210"),
        ("9876543210", "", None), ("12345", "91", None), ("9876543210 or 9876543211", "91", None),
    ],
)  # fmt: skip
def test_a_phone_number(text: str, code: str, phone: str | None) -> None:
    assert answer(text, "phone", code=code) == phone


def test_a_phone_number_of_a_shared_contact() -> None:
    card = "BEGIN:VCARD\nFN:Ravi\nTEL;type=CELL;waid=919812345678:+91 98123 45678\nEND:VCARD"
    assert answer("", "phone", (Contact("Ravi", card),)) == "+919812345678"
    assert answer("", "phone", (Contact("Ravi", "TEL:98123 45678"),)) == "+919812345678"
    assert answer("", "contact", (Contact("Ravi", card),)) == {"name": "Ravi", "phone": "+919812345678"}


@pytest.mark.parametrize(
    ("text", "stars"), [("4", 4), ("4/5", 4), ("⭐⭐", 2), ("3 out of 5", 3), ("0", None), ("6", None), ("2.5", None)]
)
def test_a_rating(text: str, stars: int | None) -> None:
    assert answer(text, "rating") == stars


@pytest.mark.parametrize(
    ("text", "lasts", "number"),
    [
        ("1 hour", 60, 60), ("एक घंटा", 60, 60), ("आधा घंटा", 60, 30), ("40", 60, 40), ("40 minutes", 60, 40),
        ("90 minutes", 3600, 1.5),        ("1 hour or 2 hours", 60, None), ("5 days", 60, None), ("1 hour", None, 1),
    ],
)  # fmt: skip
def test_a_span_of_time_is_read_in_the_unit_that_is_asked_for(text: str, lasts: float | None, number: float | None) -> None:
    assert answer(text, "number", min=0.5, max=600, lasts=lasts) == number
