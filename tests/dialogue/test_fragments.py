"""Danger that is written in several messages is heard, and nobody else's words become danger."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from tests.dialogue.talk import Talk, content, policy
from tests.reading import our_reader


def lines(*said: str, language: str = "en", apart: float = 0.0) -> Talk:
    talk = Talk(language)
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.onboard()
    for words in said:
        talk.say(words)
        talk.now += apart
    return talk


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ("i want", "to die")),
        ("en", ("I took", "20 tablets")),
        ("en", ("i", "want", "to die")),
        ("hi", ("मुझे", "मर जाना", "है")),
        ("hi", ("जीना", "नहीं है")),
        ("en", ("chest", "pain")),
    ],
)
def test_danger_in_pieces_is_danger(language: str, said: tuple[str, ...]) -> None:
    assert not lines(said[-1], language=language).records("emergency"), "alone it is none, or this shows nothing"
    assert lines(*said, language=language).records("emergency")


@pytest.mark.parametrize(
    ("language", "said"), [("hi", ("saans", "nahi aa rahi")), ("ta", ("மூச்சு", "வரல")), ("en", ("breath", "not coming"))]
)
def test_the_rest_of_a_sentence_is_no_answer_to_whether_it_happens_now(language: str, said: tuple[str, ...]) -> None:
    talk = lines(*said, language=language)
    assert talk.records("emergency")


@pytest.mark.parametrize(("language", "said"), [
    ("hi", ("saans", "nahi")), ("hi", ("saans", "nahi ji")), ("hi", ("saans", "abhi nahi")), ("en", ("breath", "no")),
    ("en", ("breath", "not now")), ("ta", ("மூச்சு", "இல்லை")),
])  # fmt: skip
def test_a_plain_no_to_whether_it_happens_now_is_one(language: str, said: tuple[str, ...]) -> None:
    talk = lines(*said, language=language)
    assert not talk.records("emergency")
    assert all(frame.flow != "emergency_check" for frame in talk.session.stack)


def test_what_is_known_of_somebody_makes_no_wish_of_a_word() -> None:
    talk = lines()
    talk.session.profile["conditions"] = ["pregnant"]
    talk.say("chest")
    assert not any(frame.flow == "more_conditions" for frame in talk.session.stack)
    talk.say("pain")
    assert talk.records("emergency")


def test_what_was_written_minutes_ago_is_another_sentence() -> None:
    assert not lines("i want", "to die", apart=61.0).records("emergency")


@pytest.mark.parametrize(
    "said",
    [
        ("sugar 140", "50 minutes walked"), ("insulin 20 units", "breakfast 2 idli"), ("thank you", "ok"),
        ("i want", "my report"), ("I took", "my tablets"), ("no pain", "in the chest"), ("remind me", "to take tablets"),
    ],
)  # fmt: skip
def test_harmless_words_one_after_the_other_stay_harmless(said: tuple[str, ...]) -> None:
    assert not lines(*said).records("emergency")


def test_of_long_messages_and_of_those_who_have_not_agreed_nothing_is_remembered() -> None:
    assert lines("this is a message of more words than a piece has").session.fragment is None
    talk = Talk()
    talk.say("i want")
    assert talk.session.fragment is None
    assert lines("i want").session.fragment is not None
    assert lines("i want", "to die").session.fragment is None
