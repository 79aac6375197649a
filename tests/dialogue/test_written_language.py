"""The language in which somebody writes is offered once, in that language; the script in which they write is followed."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from tests.dialogue.talk import Talk, content, policy
from tests.reading import our_reader

TAMIL = ("வணக்கம்", "எப்படி இருக்கீங்க")
BANGLA = ("নমস্কার", "কেমন আছেন")
HINGLISH = ("aap kaise hain ji", "mujhe aapse kuch poochna tha")
HINDI = ("आप कैसे हैं जी", "मुझे आपसे कुछ पूछना था")
ASKED = "offer_language/ask"


class Reading(Talk):
    """Somebody who chose a language to read."""

    def __init__(self, language: str) -> None:
        super().__init__(language)
        self.engine = Engine(content(), policy(), our_reader().understand)
        self.session.profile = {"language": language, "language_chosen": language}
        self.session.consent = {"version": policy().behaviour.consent_version, "purposes": ["care_messages"]}

    def write(self, *texts: str) -> None:
        for text in texts:
            self.say(text)

    @property
    def offered(self) -> str | None:
        """The last words, where they offer a language."""
        last = self.said()[-1]
        return last.text if last.step == ASKED else None

    @property
    def reads(self) -> str:
        return str(self.session.profile["language"])


def test_after_two_messages_the_language_is_offered_in_its_own_words_and_one_tap_takes_it() -> None:
    talk = Reading("en")
    talk.write(TAMIL[0])
    assert talk.offered is None
    talk.write(TAMIL[1])
    assert talk.offered is not None
    assert "நாம் தமிழில் பேசலாமா?" in talk.offered
    assert [one.label for one in talk.said()[-1].options] == ["ஆம்", "வேண்டாம்"]
    assert talk.reads == "en"  # offered, not imposed
    talk.choose("yes")
    assert talk.session.profile["language"] == talk.session.profile["language_chosen"] == "ta"
    assert talk.session.profile["second_language"] == "en"
    assert talk.said()[-1].text == "சரி, தமிழில் எழுதுகிறேன்."


def test_a_no_or_no_answer_is_remembered_and_another_language_may_still_be_offered() -> None:
    for answer in ("no", None):
        talk = Reading("en")
        talk.write(*TAMIL)
        if answer:
            talk.choose(answer)
            assert talk.said()[-1].text == "All right, I will write in English."
        else:
            talk.after(2 * 3600)
        for _ in range(3):
            talk.write(*TAMIL)
            assert talk.offered is None
        assert talk.reads == "en"
        talk.write(*BANGLA)
        assert talk.offered is not None
        assert "বাংলায়" in talk.offered


def test_the_offer_is_answered_in_words_of_either_language() -> None:
    for words, language in (("ஆம்", "ta"), ("yes", "ta"), ("இல்லை", "en"), ("no", "en")):
        talk = Reading("en")
        talk.write(*TAMIL, words)
        assert talk.reads == language


def test_what_is_no_sign_of_another_language_offers_none() -> None:
    for language, texts in {
        "ta": ("good morning to you", "how are you today"),  # English words stand in every language
        "hi": ("तुम्ही कसे आहात", "मला मदत हवी आहे"),  # Marathi: two languages of one script are easily mistaken
        "en": (TAMIL[0], "thank you very much", "what can you do", BANGLA[0]),  # not twice the same
        "te": ("sugar 140", "sugar 150", "१४०", "১৪১"),
        "hi_Latn": ("well well", "well well", "aap kaise hain ji", "mujhe aapse kuch poochna tha", "shukriya meherbani janab ji"),
    }.items():
        talk = Reading(language)
        for text in texts:
            talk.write(text)
            assert talk.offered is None, (language, text)
        assert talk.reads == language


def test_nothing_is_offered_where_something_else_is_asked_or_alarms() -> None:
    talk = Reading("en")
    talk.write(TAMIL[0], "sugar 140")
    asked = talk.session.stack[-1].step
    talk.write(*TAMIL)
    assert talk.offered is None
    assert talk.session.stack[-1].step == asked
    talk = Reading("en")
    talk.write(TAMIL[0], "நெஞ்சு வலி")
    assert [one.step for one in talk.said()].count(ASKED) == 0


def test_who_is_asked_for_consent_is_offered_the_language_at_once_and_the_question_stays() -> None:
    talk = Reading("en")
    talk.session.consent = {}
    talk.write(TAMIL[0])
    assert talk.offered is not None
    talk.after(2 * 3600)
    talk.write("130 fasting")  # no answer to the offer: the question below goes on
    assert talk.offered is None
    assert talk.session.stack[-1].step == "ask_consent"
    talk.write(*TAMIL)
    assert talk.offered is None
    assert not talk.session.consent


@pytest.mark.parametrize(("language", "texts", "other"), [("hi", HINGLISH, "hi_Latn"), ("hi_Latn", HINDI, "hi")])
def test_the_script_is_followed_once(language: str, texts: tuple[str, str], other: str) -> None:
    talk = Reading(language)
    talk.write(texts[0])
    assert talk.reads == language
    talk.write(texts[1])
    assert (talk.reads, talk.session.profile["second_language"]) == (other, language)
    assert talk.offered is None
    talk.say("हिन्दी" if language == "hi" else "hinglish")  # they want to read the other one all the same
    assert talk.reads == language
    talk.write(*texts, *texts)
    assert talk.reads == language


def test_romanised_words_offer_the_language_that_has_no_script_of_its_own_for_them() -> None:
    talk = Reading("en")
    talk.write(*HINGLISH)
    assert talk.offered is not None
    assert "Kya hum Hinglish mein baat karein?" in talk.offered
