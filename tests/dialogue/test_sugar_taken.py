"""Low sugar, and an answer in people's own words: what they ate or drank against it is no meal to ask about."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from tests.dialogue.asked import Asked
from tests.dialogue.talk import content, policy
from tests.reading import our_reader


def step_after(language: str, text: str, question: str = "hypo_care/treat_now") -> list[str]:
    """Where somebody stands, outermost first, who wrote this when they were told to take sugar."""
    talk = Asked(language, question)
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.say(text)
    return [f"{frame.flow}.{frame.step}" for frame in talk.session.stack]


@pytest.mark.parametrize("question", ["hypo_care/treat_now", "hypo_care/treat"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "i drank juice"),
        ("en", "i took sugar"),
        ("en", "had glucose"),
        ("hi_Latn", "juice pi liya"),
        ("hi_Latn", "kha raha hu"),
        ("hi", "चीनी खा ली"),
        ("te", "చక్కెర తిన్నాను"),
        ("mr", "साखर खाल्ली"),
        ("gu", "ખાંડ ખાધી"),
    ],
)
def test_sugar_that_was_taken_is_the_answer(language: str, text: str, question: str) -> None:
    assert step_after(language, text, question) == ["hypo_care.rest"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "ate 2 biscuits"),
        ("hi_Latn", "3 chammach chini kha li"),
        ("hi_Latn", "chini dhoond raha hu"),
        ("en", "can't eat"),
        ("en", "i will eat"),
        ("as", "খাই নল'লোঁ"),
        ("kn", "ಸಕ್ಕರೆ ತಿಂದಿಲ್ಲ"),
        ("bn", "চিনি খাইনি"),
        ("or", "ଚିନି ଖାଇନି"),
    ],
)
def test_other_words_of_food_are_asked_about_and_begin_no_meal(language: str, text: str) -> None:
    assert step_after(language, text) == ["hypo_care.treat_now"]


@pytest.mark.parametrize("text", ["i have no sugar at home", "nahi khaya", "what should i eat", "i took insulin", "ok"])
def test_what_denies_asks_or_tells_something_else_is_no_such_answer(text: str) -> None:
    assert step_after("en", text) != ["hypo_care.rest"]


def test_sugar_is_no_medicine_that_was_taken() -> None:
    assert step_after("hi_Latn", "juice pi liya", "medicines/ask_taken")[0] == "medicines.ask_taken"
