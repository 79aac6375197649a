"""A label that is typed as the open question shows it is an answer; the same words anywhere else are heard as what they say."""

from __future__ import annotations

from functools import partial
from types import SimpleNamespace

import pytest

from bot.model.hint import Hint
from bot.model.inbound import Media
from bot.model.session import HandOver, Wait
from tests.dialogue.asked import FALLS, Asked
from tests.dialogue.talk import NOON, content, policy


@pytest.mark.parametrize("language", FALLS)
def test_the_label_itself_answers(language: str) -> None:
    for text in (FALLS[language], f"  {FALLS[language].upper()}. "):
        talk = Asked(language)
        talk.say(text)
        assert (talk.alarmed, talk.taken) == (False, ["low_sugar"])


@pytest.mark.parametrize("language", FALLS)
def test_the_same_words_alarm_wherever_they_may_be_news(language: str) -> None:
    label = FALLS[language]
    for text in (f"{label} help", f"now {label}", f"{label}\n{label}", f"2 {label}"):
        talk = Asked(language)
        talk.say(text)
        assert talk.alarmed, "in a longer message"
    talk = Asked(language)
    talk.session.stack = []
    talk.say(label)
    assert talk.alarmed, "when no question is open"
    talk = Asked(language, "profile/ask_condition")
    talk.say(label)
    assert talk.alarmed, "when another question is open"
    talk = Asked("bn")
    talk.say(label)
    assert talk.alarmed, "when the label is shown in another language"
    for seen in ("nothing", "words"):
        talk = Asked(language)
        talk.session.stack[0].wait = Wait("browse", seen=seen)
        talk.say(label)
        assert talk.alarmed, "when this question was never shown, or is of another version"
    talk = Asked(language)
    talk.say(label, ago=policy().behaviour.late_after + 60)
    assert talk.alarmed, "when it was written hours ago"
    talk = Asked(language)
    talk.say(label, kind="image", media=Media("image/jpeg"))
    assert talk.alarmed, "below a picture"
    talk = Asked(language)
    talk.say(label, verified=False)
    assert talk.alarmed, "when the sender is not proven"
    talk = Asked(language)
    talk.session.with_person = HandOver("doctor_bridge", "relay", "Asha", NOON + 600, "t")  # type: ignore[arg-type]
    talk.say(label)
    assert talk.alarmed, "when somebody of the care team listens"


def test_words_that_a_model_heard_in_a_voice_are_no_label() -> None:
    talk = Asked("ta")
    turn = partial(talk.engine.turn, hint=Hint("voice", text=FALLS["ta"]))
    talk.engine = SimpleNamespace(turn=turn)  # type: ignore[assignment]
    talk.say(None, kind="audio", media=Media("audio/ogg"))
    assert talk.alarmed


def test_a_label_that_names_danger_in_its_own_english_words_still_alarms() -> None:
    talk = Asked("ta", "education/browse", FALLS["ta"], "when sugar falls")
    talk.say(FALLS["ta"])
    assert talk.alarmed


def test_in_a_question_of_an_emergency_every_word_is_heard() -> None:
    label = content().flows["hypo_care"].steps["treat_now"].choices[0].label.render("ta", {})  # "I have taken it"
    talk = Asked("ta", "hypo_care/treat_now", label)
    talk.say(label)
    assert talk.alarmed
