"""Danger is heard first, whatever the state of the conversation, and with the same ids with or without a session."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from bot.dialogue.emergency import alarm_text
from bot.model.effects import Intent
from bot.model.ids import GatewayId, InputId
from bot.model.inbound import Inbound
from bot.model.session import Session
from tests.dialogue.talk import ADDRESS, NOON, PERSON, Talk, content, policy

DANGER = {"en": "I have chest pain", "hi": "मुझे सीने में दर्द है"}


def new(talk: Talk) -> None:
    pass


def at_language(talk: Talk) -> None:
    talk.say("hello")


def at_consent(talk: Talk) -> None:
    talk.say("hello")
    talk.choose(talk.language)


def declined(talk: Talk) -> None:
    at_consent(talk)
    talk.choose("decline")


def in_profile(talk: Talk) -> None:
    at_consent(talk)
    talk.choose("agree")


def at_menu(talk: Talk) -> None:
    talk.onboard()


def at_value(talk: Talk) -> None:
    talk.onboard()
    talk.choose("log")


def waiting_for_the_agent(talk: Talk) -> None:
    talk.onboard()
    talk.say("sugar 140 fasting")


def at_the_check(talk: Talk) -> None:
    talk.onboard()
    talk.say("I fainted")


def stopped(talk: Talk) -> None:
    talk.onboard()
    talk.say("stop")


def with_a_side_question(talk: Talk) -> None:
    in_profile(talk)
    talk.say("sugar 140")


STATES = [
    new,
    at_language,
    at_consent,
    declined,
    in_profile,
    at_menu,
    at_value,
    waiting_for_the_agent,
    at_the_check,
    stopped,
    with_a_side_question,
]


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_an_emergency_is_answered_in_every_state_and_moves_nothing(state: Callable[[Talk], None], language: str) -> None:
    talk = Talk(language)
    state(talk)
    before = talk.session
    turn = talk.say(DANGER[language])
    assert turn.kind == "emergency"
    [message] = talk.said()
    assert message.kind == "emergency"
    assert "112 / 108" in message.text
    assert ("Emergency: call" in message.text) is (language != "en")
    [record] = talk.records("emergency")
    assert record.data["category"] == "chest_pain"
    assert record.data["rules"] == ["test.chest_pain"]
    assert DANGER[language] not in str(record.data)
    watching = [frame for frame in talk.session.stack if frame.flow == "emergency_follow_up"]
    assert bool(watching) is bool(before.consent)  # it says nothing now, and asks later how it went
    for frame in [frame for frame in before.stack if frame.flow == "emergency_check"]:  # that question the alarm has answered
        before.stack.remove(frame)
        before.timers = [timer for timer in before.timers if frame.wait is None or timer.id != frame.wait.timer]
    for frame in before.stack:
        if before.consent and frame.wait and frame.wait.intent is None:
            frame.wait.aside = True  # nothing is asked behind it
    assert [frame for frame in talk.session.stack if frame not in watching] == before.stack
    assert [
        timer for timer in talk.session.timers if timer.id not in [one.wait.timer for one in watching if one.wait]
    ] == before.timers
    assert talk.session.consent == before.consent


@pytest.mark.parametrize("language", ["en", "hi"])
def test_every_emergency_text_fits_300_characters_in_every_country(language: str) -> None:
    for category in content().emergency.emergency:
        for country in policy().emergency:
            _, text = alarm_text(content(), policy(), category, language, country)
            assert len(text) <= 300, (category, country, len(text))
            assert policy().numbers_for(country).general in text
            assert "{" not in text


def test_a_category_that_we_do_not_know_gets_the_general_text() -> None:
    talk = Talk()
    talk.say("a snake bit me")
    assert talk.heard("emergency.general")


def test_self_harm_names_the_helpline_where_the_country_has_one() -> None:
    talk = Talk()
    talk.say("I want to die")
    assert "14416" in talk.said()[0].text


def test_the_lane_alone_sends_what_the_turn_would_send() -> None:
    talk = Talk()
    turn = talk.say(DANGER["en"])
    event = _event(DANGER["en"])
    alone = talk.engine.emergency_only(event, now=NOON)
    by_turn = talk.engine.turn(Session(PERSON), event, now=NOON)
    assert alone == by_turn.effects
    assert [effect.id for effect in alone] == [f"{event.id}#e0", f"{event.id}#e1", f"{event.id}#e2"]
    assert turn.kind == "emergency"


def test_the_id_of_the_alarm_does_not_hang_on_the_session() -> None:
    talk = Talk("hi").onboard()
    event = _event(DANGER["hi"])
    alone = talk.engine.emergency_only(event, now=NOON)
    by_turn = talk.engine.turn(talk.session, event, now=NOON)
    assert alone[0].id == by_turn.effects[0].id


def test_the_lane_alone_says_nothing_when_there_is_no_danger() -> None:
    assert Talk().engine.emergency_only(_event("sugar 140"), now=NOON) == []


def test_a_reading_in_an_emergency_is_kept_without_a_word() -> None:
    talk = Talk().onboard()
    talk.say("chest pain and sugar 310 fasting")
    assert [message.kind for message in talk.said()] == ["emergency"]
    assert talk.intents[-1].data["value"] == 310
    before = talk.session.stack
    assert talk.agent("very_high", {"value_mg_dl": 310}).kind == "stale"
    assert talk.said() == []
    assert talk.session.stack == before


def test_without_consent_a_reading_in_an_emergency_is_not_kept() -> None:
    talk = Talk()
    talk.say("chest pain and sugar 310 fasting")
    assert [intent.name for intent in intents_of(talk)] == ["open_case"]


def intents_of(talk: Talk) -> list[Intent]:
    return [effect for effect in talk.turns[-1].effects if isinstance(effect, Intent)]


@pytest.mark.parametrize("state", [new, at_consent, declined, at_value])
def test_every_alarm_opens_a_case_with_its_category_and_rules_and_none_of_the_words(state: Callable[[Talk], None]) -> None:
    talk = Talk()
    state(talk)
    talk.say(DANGER["en"])
    [case] = intents_of(talk)
    assert (case.agent, case.name, case.unanswered) == ("clinical_monitor", "open_case", True)
    assert case.data == {"category": "chest_pain", "rules": ["test.chest_pain"]}


def test_what_is_only_urgent_opens_no_case() -> None:
    talk = Talk().onboard()
    talk.say("I have a foot wound")
    assert talk.said()
    assert not [intent for intent in intents_of(talk) if intent.name == "open_case"]


def test_an_old_message_opens_a_case_that_says_when_it_was_written() -> None:
    talk = Talk().onboard()
    talk.say(DANGER["en"], ago=30000)
    [case] = intents_of(talk)
    assert case.data["written_at"] == case.at - 30000


def test_who_is_not_proven_to_be_the_sender_opens_no_case() -> None:
    talk = Talk().onboard()
    talk.say(DANGER["en"], verified=False)
    assert talk.said()
    assert intents_of(talk) == []


def test_urgent_words_are_answered_and_the_turn_goes_on() -> None:
    talk = Talk().onboard()
    talk.say("very dizzy, sugar 140 fasting")
    assert talk.heard("emergency.urgent.severe_hypoglycaemia")
    assert talk.intents[-1].data["value"] == 140


def test_urgent_words_alone_are_not_followed_by_not_understood() -> None:
    talk = Talk().onboard()
    talk.say("I have a foot wound")
    assert talk.heard("emergency.urgent.general")
    assert len(talk.said()) == 1


def test_an_old_emergency_is_answered_with_the_time_it_was_written() -> None:
    talk = Talk().onboard()
    talk.say(DANGER["en"], ago=7 * 3600)
    [message] = talk.said()
    assert message.kind == "emergency"
    assert message.text.startswith("You wrote this on 25 November, 4:30 am.")
    assert talk.heard("emergency.chest_pain")


def test_a_caption_and_an_edit_are_read_for_danger() -> None:
    talk = Talk().onboard()
    talk.say(DANGER["en"], kind="image")
    assert talk.said()[0].kind == "emergency"
    talk.say(DANGER["en"], kind="edit")
    assert talk.said()[0].kind == "emergency"


def test_a_sender_we_cannot_prove_gets_the_alarm_and_no_data() -> None:
    talk = Talk("hi").onboard()
    before = talk.session
    talk.say(DANGER["hi"], verified=False)
    assert talk.said()[0].kind == "emergency"
    talk.say("sugar 140 fasting", verified=False)
    [message] = talk.said()
    assert "could not be sure" in message.text
    assert talk.intents == []
    assert replace(talk.session, version=before.version) == before


def test_a_tapped_label_of_ours_is_no_news_of_danger() -> None:
    talk = Talk().onboard()
    talk.say("I fainted")
    talk.choose("yes", form="quoted")
    assert talk.heard("emergency.unconscious")


def _event(text: str) -> Inbound:
    return Inbound(
        id=InputId("evolution:ABC"),
        person=PERSON,
        instance="main",
        integration="cloud",
        address=ADDRESS,
        message_id=GatewayId("ABC"),
        kind="text",
        sent_at=NOON,
        received_at=NOON,
        text=text,
    )
