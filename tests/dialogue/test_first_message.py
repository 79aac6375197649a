"""What the first message of a wish tells is not asked for again, whatever has to be asked before it."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from tests.dialogue.talk import Talk, content, policy
from tests.reading import our_reader

AT_SEVEN = {
    "en": "remind me at 7", "hi": "मुझे 7 बजे याद दिलाना", "hi_Latn": "mujhe 7 baje yaad dilana", "bn": "আমাকে ৭টায় মনে করিয়ে দিও",
    "te": "నాకు 7 గంటలకు గుర్తు చేయి", "mr": "मला 7 वाजता आठवण करून दे", "ta": "எனக்கு 7 மணிக்கு நினைவூட்டு",
    "gu": "મને 7 વાગ્યે યાદ કરાવજો", "kn": "ನನಗೆ 7 ಗಂಟೆಗೆ ನೆನಪಿಸಿ", "ml": "എന്നെ 7 മണിക്ക് ഓർമ്മിപ്പിക്കൂ", "pa": "ਮੈਨੂੰ 7 ਵਜੇ ਯਾਦ ਕਰਵਾ ਦਿਓ",
    "ur": "مجھے 7 بجے یاد دلانا", "or": "ମୋତେ 7ଟାରେ ମନେ ପକାଇ ଦିଅ", "as": "মোক 7 বজাত মনত পেলাই দিব", "de": "erinnere mich um 7 Uhr",
}  # fmt: skip


def speaking(language: str) -> Talk:
    talk = Talk().onboard()
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.session.profile |= {"language": language, "language_chosen": language}
    return talk


def asked(talk: Talk) -> str:
    """The step at which the newest conversation waits."""
    return talk.session.stack[-1].step


@pytest.mark.parametrize("language", AT_SEVEN)
def test_the_time_of_a_reminder_is_taken_from_the_first_message(language: str) -> None:
    talk = speaking(language)
    talk.say(AT_SEVEN[language])
    if asked(talk) == "ask_action":
        talk.choose("set")
    assert asked(talk) == "ask_what"
    talk.choose("medicine")
    assert asked(talk) == "ask_half"
    talk.choose("am")
    assert asked(talk) == "ask_often"
    talk.choose("daily")
    assert talk.intents[-1].data["time"] == "07:00"


def test_another_time_that_is_said_meanwhile_is_the_one_that_counts() -> None:
    talk = speaking("en")
    talk.say("remind me at 7 pm")
    talk.say("remind me of my sugar at 9 pm")
    assert asked(talk) in ("ask_what", "ask_often")
    if asked(talk) == "ask_what":
        talk.choose("glucose")
    talk.choose("daily")
    assert talk.intents[-1].data["time"] == "21:00"
