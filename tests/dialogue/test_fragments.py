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
    ("language", "said"),
    [
        ("hi", ("saans", "nahi aa rahi")), ("ta", ("மூச்சு", "வரல")), ("en", ("breath", "not coming")),
        ("hi", ("saans", "nahi aati")), ("hi", ("साँस", "नहीं आती")), ("hi", ("saans", "nahi arahi")),
        ("hi", ("saans", "nahi le pa raha hoon")),
        ("mr", ("श्वास", "नाही येत")), ("bn", ("শ্বাস", "আসছে না")), ("ta", ("மூச்சு", "வாங்க முடியல")),
    ],
)  # fmt: skip
def test_the_rest_of_a_sentence_is_no_answer_to_whether_it_happens_now(language: str, said: tuple[str, ...]) -> None:
    talk = lines(*said, language=language)
    assert talk.records("emergency")


@pytest.mark.parametrize(("language", "said"), [
    ("hi", ("saans", "nahi")), ("hi", ("saans", "nahi ji")), ("hi", ("saans", "abhi nahi")), ("en", ("breath", "no")),
    ("en", ("breath", "not now")), ("ta", ("மூச்சு", "இல்லை")), ("hi", ("saans", "nahi bhai")), ("en", ("breathing", "no madam")),
    ("hi", ("saans", "nahi aisa kuch nahi hai")), ("bn", ("শ্বাস", "না এখন না")), ("en", ("breathing", "no nothing like that")),
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


@pytest.mark.parametrize(("language", "said", "called", "no"), [
    ("en", ("breath", "not coming"), "ok ambulance called", "no"), ("hi", ("saans", "nahi aa rahi"), "ambulance bula li", "nahi"),
    ("en", ("chest", "pain"), "ok ambulance called", "no"), ("te", ("శ్వాస", "రావట్లేదు"), "అంబులెన్స్ పిలిచాం", "లేదు"),
    ("bn", ("শ্বাস", "আসছে না"), "অ্যাম্বুলেন্স ডেকেছি", "না"), ("mr", ("श्वास", "येत नाही"), "अ‍ॅम्ब्युलन्स बोलावली", "नाही"),
])  # fmt: skip
def test_after_an_alarm_nobody_asks_whether_it_happens(language: str, said: tuple[str, ...], called: str, no: str) -> None:
    talk = lines(*said, language=language)
    assert len(talk.records("emergency")) == 1
    for words in (called, no, "hello"):
        talk.say(words)
        assert all(frame.flow != "emergency_check" for frame in talk.session.stack)
    assert len(talk.records("emergency")) == 1, "no second alarm of 'ambulance called', 'no'"
    talk.say(" ".join(said))
    assert len(talk.records("emergency")) == 2, "danger itself is told again"


def test_the_question_of_self_harm_outlives_an_alarm_of_something_else() -> None:
    talk = lines("is suicide a symptom of sugar", "chest pain")
    assert [frame.flow for frame in talk.session.stack].count("emergency_check") == 1
    talk.say("yes")
    assert [record.data["category"] for record in talk.records("emergency")] == ["chest_pain", "self_harm"]


def test_whom_we_asked_whether_it_is_happening_is_heard_in_pieces_before_they_have_agreed_to_anything() -> None:
    for answer, danger in (("nahi aa rahi", 1), ("nahi", 0)):
        talk = Talk("hi")
        talk.engine = Engine(content(), policy(), our_reader().understand)
        talk.say("saans")
        talk.say(answer)
        assert len(talk.records("emergency")) == danger
