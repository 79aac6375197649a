"""Who writes that help was called is not alarmed again, and their case stays open."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from tests.dialogue.talk import Talk, content, policy
from tests.reading import our_reader

CALLED = (
    ("en", "ok ambulance called"),
    ("hi", "ambulance bula li"),
    ("hi", "haan एम्बुलेंस बुला ली"),
    ("te", "ambulance ki call chesam"),
)
MINUTES = 60.0


def alarmed(language: str) -> Talk:
    talk = Talk(language)
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.onboard()
    talk.say("chest pain, sweating a lot")
    assert len(talk.records("emergency")) == 1
    return talk


@pytest.mark.parametrize(("language", "words"), CALLED)
def test_after_an_alarm_it_is_read_calmly_and_the_case_goes_on(language: str, words: str) -> None:
    talk = alarmed(language)
    turn = talk.say(words)
    assert turn.kind == "looked_after"
    assert len(talk.records("emergency")) == 1
    assert [frame.flow for frame in talk.session.stack][-1] == "emergency_follow_up"


@pytest.mark.parametrize(("language", "words"), CALLED)
def test_it_is_no_answer_to_whether_help_came(language: str, words: str) -> None:
    talk = alarmed(language)
    talk.after(11 * MINUTES)
    turn = talk.say(words)
    assert turn.kind == "unclear"
    assert not talk.records("emergency_follow_up")
    assert talk.session.stack[-1].step in ("ask", "ask_again")


@pytest.mark.parametrize(("language", "words"), CALLED)
def test_where_no_alarm_was_told_it_is_asked_about(language: str, words: str) -> None:
    talk = Talk(language)
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.onboard()
    assert talk.say(words).kind == "emergency_check"


@pytest.mark.parametrize(
    "words",
    ["ambulance called but not coming", "ambulance bulao", "ambulance called, he is not breathing", "ambulance nahi aa rahi"],
)
def test_what_is_new_danger_is_an_alarm(words: str) -> None:
    talk = alarmed("en")
    assert talk.say(words).kind == "emergency"
    assert len(talk.records("emergency")) == 2


@pytest.mark.parametrize(("language", "words"), [("en", "ambulance is here"), ("hi", "एम्बुलेंस आ गई"), ("hi", "ambulance aa gayi")])
def test_that_it_came_is_an_answer(language: str, words: str) -> None:
    talk = alarmed(language)
    talk.after(11 * MINUTES)
    talk.say(words)
    assert [record.data["answer"] for record in talk.records("emergency_follow_up")] == ["help_came"]
