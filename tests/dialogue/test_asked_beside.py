"""A question or a wish beside a reading: the reading is noted, and what was asked for is not lost."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from tests.dialogue.asked import Asked
from tests.dialogue.talk import content, policy
from tests.reading import our_reader


def waiting(language: str, text: str) -> list[str]:
    """The flows that this message leaves on the stack where nothing was asked, what comes last first."""
    talk = Asked(language, "profile/ask_condition")
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.session.stack = []
    talk.say(text)
    return [frame.flow for frame in talk.session.stack]


@pytest.mark.parametrize(
    ("language", "text", "behind"),
    [
        ("en", "sugar 180, can i eat mango?", "education"),
        ("hi_Latn", "sugar 180 hai, aam kha sakta hu kya", "education"),
        ("en", "sugar 130, book appointment tomorrow", "book_appointment"),
        ("en", "sugar 140 call doctor", "human"),
    ],
)
def test_what_is_asked_beside_a_reading_comes_behind_it(language: str, text: str, behind: str) -> None:
    assert waiting(language, text) == [behind, "log_glucose"]


def test_the_wish_for_a_doctor_is_kept_beside_danger_and_a_question_is_not() -> None:
    assert "human" in waiting("en", "sugar 45 call doctor")
    assert "education" not in waiting("en", "sugar 45, can i eat mango?")


@pytest.mark.parametrize("text", ["sugar 180 fasting, is it ok", "sugar 180", "what happens if sugar goes above 400"])
def test_a_question_about_the_reading_itself_is_answered_by_it(text: str) -> None:
    assert "log_glucose" not in waiting("en", text)[:-1]
    assert not {"human", "book_appointment"} & set(waiting("en", text))


def test_a_wish_for_a_doctor_gives_way_to_no_symptom() -> None:
    assert waiting("en", "i feel dizzy, call my doctor") == ["human"]
