"""A chat becomes a test that passes, with the agents' answers in it; what cannot be played is told."""

from __future__ import annotations

from typing import Any

from bot.dialogue.transcript.play import play
from bot.dialogue.transcript.record import Heard, Recorded, record
from bot.dialogue.transcript.script import FORMS, read_script
from bot.handwritten.source import parse_source
from bot.model.effects import Intent
from tests.transcripts.stage import LANGUAGES, stage

FACTS = {"value_mg_dl": 182.0, "target_low": 80, "target_high": 130}


def answer(intent: Intent, now: float) -> tuple[str, dict[str, Any]]:
    assert intent.name == "record_glucose"
    return "above_target", FACTS


def recorded(*chat: Heard, known: bool = True) -> Recorded:
    return record(chat, stage(), answer, title='A chat with "Zoya": one', known=known)


def passes(found: Recorded, language: str = "en") -> bool:
    script = read_script(parse_source(found.text.encode(), "t.yaml"), LANGUAGES)
    return all(play(script, stage(), language, form).failure is None for form in script.forms or FORMS)


def test_a_chat_becomes_a_test_with_the_answers_of_the_agent() -> None:
    chat = (Heard("me", "sugar 182", 0.0), Heard("tap", "log_glucose.ask_context:fasting", 4.0), Heard("me", "thanks", 9.0))
    found = recorded(*chat, Heard("me", "sugar 182 after lunch", 20.0))
    assert found.doubts == ()
    assert found.text.count("  - agent: {above_target: ") == 2
    lines = found.text.splitlines()
    assert lines[:3] == ['test: "A chat with \\"Zoya\\": one"', "languages: [en]", "steps:"]
    assert "  - tap: fasting" in lines
    assert "  - agent: {above_target: {value_mg_dl: 182.0, target_low: 80, target_high: 130}}" in lines
    assert "  - bot: [log_glucose.above_advice.say]" in lines
    assert passes(found)


def test_a_new_person_in_another_language() -> None:
    chat = (
        Heard("me", "नमस्ते", 0.0),
        Heard("tap", "welcome.ask_language:hi", 3.0),
        Heard("tap", "welcome.ask_consent:agree", 3.0),
    )
    found = recorded(*chat, known=False)
    assert "languages: [hi]\npatient: new\n" in found.text
    assert passes(found, "hi")


def test_a_pause_is_written_down_with_what_the_bot_says_in_it() -> None:
    found = recorded(Heard("me", "sugar 48", 0.0), Heard("me", "menu", 1200.0))
    assert "  - after: 20m\n" in found.text
    assert passes(found)


def test_what_the_chat_said_otherwise_is_told() -> None:
    found = recorded(Heard("me", "menu", 0.0, ["Good day, this is an older bot"]))
    assert found.doubts == ("after 'menu' the chat said what the test does not: 'Good day, this is an older bot'",)


def test_a_tap_that_nothing_offers_is_left_out_and_told() -> None:
    found = recorded(Heard("me", "menu", 0.0), Heard("tap", "gone.ask:x", 1.0))
    assert "gone.ask:x" not in found.text
    assert "cannot be played" in found.doubts[0]
    assert passes(found)


def test_words_that_look_like_yaml_stay_words() -> None:
    for words in ("yes", "no", "126", "- a", "{a: b}", "a: b", '"', "#x", "&a", "null", "2025-11-25", "1_000", "~"):
        found = recorded(Heard("me", words, 0.0))
        data = parse_source(found.text.encode(), "t.yaml").data
        assert str(data["steps"][0]["me"]) == words
        assert passes(found), found.text
