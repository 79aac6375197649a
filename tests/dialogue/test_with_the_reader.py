"""The engine with the real reader, in English and Hindi: the path that a newcomer walks first."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from bot.understanding.reader import Reader
from tests.dialogue.talk import Talk, content, policy
from tests.reading import our_reader

WORDS = {
    "en": ("hi", "sugar 182 fasting", "I agree", "my sugar is 140", "after food", "I have chest pain", "stop", "start"),
    "hi": ("नमस्ते", "शुगर 182 खाली पेट", "मैं सहमत हूँ", "मेरी शुगर 140 है", "खाने के बाद", "सीने में दर्द हो रहा है", "stop", "start"),
}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return our_reader()


@pytest.mark.parametrize("language", ["en", "hi"])
def test_a_newcomer_is_understood(reader: Reader, language: str) -> None:
    hello, reading, agree, plain, context, danger, stop, start = WORDS[language]
    talk = Talk(language, "typed")
    talk.engine = Engine(content(), policy(), reader.understand)
    talk.say(hello)
    assert talk.heard("welcome.ask_language.say")
    talk.choose(language)
    talk.say(reading)
    assert talk.heard("welcome.holds")
    talk.say(agree)
    assert talk.intents[-1].data["value"] == 182
    assert talk.intents[-1].data["context"] == "fasting"
    talk.agent("above_target", {"value_mg_dl": 182, "target_low": 80, "target_high": 130})
    assert talk.heard("log_glucose.above_advice.say")
    for _ in range(5):
        talk.say("skip")
    talk.choose("done")
    assert talk.heard("menu.choose.say")
    talk.say(plain)
    assert talk.heard("log_glucose.ask_context.say")
    talk.say(context)
    assert talk.intents[-1].data["context"] == "after_meal"
    talk.say(danger)
    assert talk.said()[0].kind == "emergency"
    assert talk.heard("emergency.chest_pain")
    talk.say(stop)
    assert talk.session.stopped
    talk.say(start)
    assert talk.heard("welcome.ask_consent.say")  # stop took the consent back


def test_a_low_reading_gets_its_care_behind_the_emergency_and_a_recheck(reader: Reader) -> None:
    talk = Talk().onboard()
    talk.engine = Engine(content(), policy(), reader.understand)
    talk.say("sugar 45")
    assert [message.kind for message in talk.said()] == ["emergency"]
    assert talk.intents[-1].data["value"] == 45
    talk.agent("critical_low", {"value_mg_dl": 45})
    assert talk.said()[-1].step == "hypo_care/treat_now"
    assert [round(wake.at - talk.now) for wake in talk.session.timers] == [899]
    talk.say("48")
    assert talk.said()[0].kind == "emergency"
    assert talk.intents[-1].data["value"] == 48


def test_a_reading_beyond_the_usual_is_acted_on_and_asked_about(reader: Reader) -> None:
    talk = Talk().onboard()
    talk.engine = Engine(content(), policy(), reader.understand)
    talk.say("sugar 650")
    assert talk.said()[0].kind == "emergency"
    assert talk.said()[-1].step == "log_glucose/confirm_value"


@pytest.mark.parametrize("word", ["menu", "help", "stop", "language", "human", "cancel", "back", "repeat", "skip"])
def test_the_always_available_words_are_the_readers_words(reader: Reader, word: str) -> None:
    talk = Talk().onboard()
    talk.engine = Engine(content(), policy(), reader.understand)
    talk.choose("log")
    talk.say(word)
    assert talk.turns[-1].kind == "command"
