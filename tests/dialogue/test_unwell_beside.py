"""A symptom told beside something else: what was eaten, taken, done or measured."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from tests.dialogue.asked import Asked
from tests.dialogue.talk import content, policy
from tests.reading import our_reader


def started(language: str, text: str) -> list[str]:
    """The flows that begin with this message where nothing was asked."""
    talk = Asked(language, "profile/ask_condition")
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.session.stack = []
    talk.say(text)
    return [line["flow"] for line in talk.turns[-1].trace if line["action"] == "flow_started"]


@pytest.mark.parametrize(
    ("language", "text", "other"),
    [
        ("en", "ate 2 roti dal, i feel dizzy", ["meals"]),
        ("hi_Latn", "2 roti khayi, chakkar aa raha hai", ["meals"]),
        ("ta", "பொங்கல் சாப்பிட்டேன், தலை சுத்துது", ["meals"]),
        ("en", "took my tablet, my feet burn", ["medicines"]),
        ("en", "walked 30 min and my legs ache", []),
    ],
)
def test_a_symptom_is_asked_about_before_what_was_eaten_taken_or_done(language: str, text: str, other: list[str]) -> None:
    assert started(language, text) == [*other, "symptoms"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "sugar 140 fasting, feeling dizzy"),
        ("hi_Latn", "sugar 180 khane ke baad, pair mein jalan ho rahi hai"),
        ("kn", "bp 150/98 kutthige hinde novu"),
        ("en", "sugar 140, ate 2 roti, I feel dizzy"),
    ],
)
def test_a_symptom_is_asked_about_behind_a_reading(language: str, text: str) -> None:
    assert "symptoms" in started(language, text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("te", "tiffin ayyaka sugar 148 vachindi"),
        ("hi", "dhadkan 92 aur bp 136/84"),
        ("en", "temperature 37.8 c"),
        ("en", "temperature 80"),
        ("gu", "ઓક્સિજન ૯૭"),
        ("en", "bp 124/80 no headache"),
        ("hi", "sugar theek hai 120 chakkar bhi nahi"),
        ("hi", "aaj subah 3 chakkar park ke lagaye"),
        ("as", "মই লুচি আৰু পুৰি খালোঁ"),
        ("hi", "abhi khichdi khayi"),
        ("en", "2 roti and dal"),
    ],
)
def test_a_word_that_means_something_else_beside_it_and_a_denied_symptom_are_not_asked_about(language: str, text: str) -> None:
    assert "symptoms" not in started(language, text)


def test_a_low_sugar_is_cared_for_and_its_signs_are_not_asked_about_as_something_else() -> None:
    assert "symptoms" not in started("en", "sugar 62 and i feel shaky")
