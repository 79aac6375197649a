"""The hours that an answer names, also where only one of them says that it is an hour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.clocks import clocks
from bot.dialogue.heard import Heard
from bot.understanding.meaning import Context
from tests.dialogue.talk import NOON
from tests.reading import our_reader

ZONE = "Asia/Kolkata"


def hours(text: str, language: str) -> str:
    """As ``07:00 06:00?``: with a question mark what may also be twelve hours later."""
    meaning = our_reader().understand(text, Context(expects="time", language=language, now=NOON, zone=ZONE))
    heard = Heard(None, meaning, text, NOON, ZONE, language)  # type: ignore[arg-type]
    return " ".join(f"{minutes // 60:02}:{minutes % 60:02}{'?' if unsure else ''}" for minutes, unsure in clocks(heard))


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "7 am and 6", "07:00 06:00?"), ("en", "7 am, 6", "07:00 06:00?"), ("en", "7am,1pm and 9", "07:00 13:00 09:00?"),
        ("en", "7 and 6 pm", "07:00? 18:00"), ("en", "8 and 8", "08:00? 08:00?"), ("en", "8, 2 and 9", "08:00? 02:00? 09:00?"),
        ("en", "7.30 and 6.30 pm", "07:30? 18:30"), ("en", "7 am and 6 daily", "07:00 06:00?"),
        ("en", "remind me to take metformin at 7 am and 6", "07:00 06:00?"),
        ("en", "remind me to take metformin at 7 and 6", "07:00? 06:00?"),
        ("en", "morning 8", "08:00"), ("en", "6 in the evening", "18:00"), ("hi", "subah 7 aur shaam 6", "07:00 18:00"),
        ("hi", "shaam ko 6", "18:00"), ("hi", "7 subah 6 shaam", "07:00 18:00"), ("hi", "सुबह 8 और 9", "08:00 09:00?"),
        ("hi", "८ और ९", "08:00? 09:00?"), ("ta", "காலை 8 மற்றும் இரவு 9", "08:00 21:00"), ("bn", "সকাল ৮ এবং রাত ৯", "08:00 21:00"),
        ("de", "morgens 8 und abends 6", "08:00 18:00"), ("ur", "صبح 8 اور شام 6", "08:00 18:00"),
        ("kn", "7 ಮತ್ತು 6", "07:00? 06:00?"),
        # as before
        ("en", "8", "08:00?"), ("en", "(8)", "08:00?"), ("en", "08:30", "08:30?"), ("en", "8h30", "08:30?"),
        ("en", "20:30", "20:30"),
        ("en", "8 pm 🙂", "20:00"), ("en", "in 2 hours", "13:30"), ("en", "1 tablet at 8 am and 2 at 9 pm", "08:00 21:00"),
        ("en", "saturday 11", "11:00?"),
        # numbers that are no hours
        ("en", "8 am and 10 units", "08:00"), ("en", "8 am, 2 tablets", "08:00"), ("en", "7 am not 6", "07:00"),
        ("en", "every morning take 5 tablets", ""), ("en", "1-0-1", ""), ("en", "182", ""), ("en", "25", ""), ("en", "6.5", ""),
        ("en", "2 in the evening", ""), ("en", "25 december", ""), ("en", "28 nov 11", ""), ("en", "8 to 10", ""),
        ("en", "saturday 29", ""), ("en", "metformin at 500", ""),
    ],
)  # fmt: skip
def test_hours_of_an_answer(language: str, text: str, found: str) -> None:
    assert hours(text, language) == found


@given(st.text(alphabet="0123456789:., ampb&aur\ue000\ue001शाम-%", max_size=40))
def test_any_words_give_hours_of_a_day_or_none(text: str) -> None:
    for one in hours(text, "hi").split():
        assert "00:00" <= one.rstrip("?") <= "23:59"
