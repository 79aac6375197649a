"""The rules of one turn: lateness, forms of messages, taps on old questions, results and timers that come twice."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.dialogue.engine import Engine
from bot.model.codec import encode
from bot.model.effects import CancelWake, Option, Outbound, WakeAt
from bot.model.events import TimerFired
from bot.model.ids import EffectId, InputId
from bot.model.inbound import Media
from bot.model.session import Asked, Frame, Session, Wait
from tests.dialogue.stub import understand
from tests.dialogue.talk import PERSON, Talk, content, policy


def test_the_same_input_twice_gives_the_same_turn() -> None:
    talk = Talk().onboard()
    before = talk.session
    turn = talk.say("sugar 140 fasting")
    event = replace(_last_event(talk), id=InputId("evolution:3EB0000000000000000009"))
    assert encode(Engine(content(), policy(), understand).turn(before, event, now=5.0)) == encode(
        talk.engine.turn(before, event, now=5.0)
    )
    assert turn.effects


def test_an_old_message_is_answered_as_late_once_and_moves_nothing() -> None:
    talk = Talk().onboard()
    stack = talk.session.stack
    talk.say("sugar 140 fasting", ago=7 * 3600)
    assert talk.heard("system.late")
    assert "25 November, 4:30 am" in talk.said()[0].text
    assert talk.session.stack == stack
    assert talk.intents == []
    talk.say("and 150", ago=6.5 * 3600)
    assert talk.said() == []


def test_a_late_stop_still_stops() -> None:
    talk = Talk().onboard()
    talk.say("stop", ago=8 * 3600)
    assert talk.session.stopped


def test_a_message_from_the_future_counts_as_now() -> None:
    talk = Talk().onboard()
    talk.say("sugar 140 fasting", ago=-1e9)
    assert talk.intents[-1].data["measured_at"] < talk.now + 10


@pytest.mark.parametrize("kind", ["reaction", "deletion", "sticker"])
def test_what_needs_no_reply_gets_none(kind: str) -> None:
    talk = Talk().onboard()
    assert talk.say(None, kind=kind).kind == "ignored"
    assert talk.said() == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("audio", "cannot_listen"),
        ("image", "cannot_look"),
        ("video", "cannot_look"),
        ("document", "cannot_look"),
        ("location", "cannot_use"),
        ("contact", "cannot_use"),
        ("unknown", "cannot_read"),
    ],
)
def test_what_we_cannot_take_is_said_and_the_question_comes_again(kind: str, text: str) -> None:
    talk = Talk().onboard()
    talk.choose("log")
    talk.say(None, kind=kind)
    assert talk.heard(f"system.{text}")
    assert talk.heard("log_glucose.ask_value.say.2")
    assert len(talk.said()) == 1


@pytest.mark.parametrize(
    ("kind", "problem", "text"),
    [
        ("image", "missing", "file_missing"),
        ("document", "too_large", "file_too_large"),
        ("document", "wrong_kind", "file_wrong_kind"),
        ("image", "broken", "file_broken"),
        ("document", "unsafe", "file_broken"),
        ("document", "locked", "file_locked"),
        ("audio", "missing", "file_missing"),
        ("audio", "wrong_kind", "cannot_listen"),
    ],
)
def test_a_file_that_could_not_be_kept_is_told_at_once_and_starts_nothing(kind: str, problem: str, text: str) -> None:
    talk = Talk().onboard()
    talk.say(None, kind=kind, media=Media(problem=problem))
    assert talk.heard(f"system.{text}")
    assert talk.intents == []


def test_a_caption_is_read_as_text() -> None:
    talk = Talk().onboard()
    talk.say("sugar 140 fasting", kind="image")
    assert talk.heard("system.cannot_look")
    assert talk.intents[-1].data["value"] == 140


def test_an_edit_is_asked_for_as_a_new_message() -> None:
    talk = Talk().onboard()
    talk.say("sugar 140 fasting", kind="edit")
    assert talk.heard("system.edited")
    assert talk.intents == []


def test_a_tap_on_an_old_menu_starts_what_it_names() -> None:
    talk = Talk().onboard()
    menu = talk.said()[-1]
    talk.choose("log")
    talk.say("140")
    log = next(option for option in menu.options if option.id.endswith(":help"))
    talk.say(log.label, kind="tap", choice_id=log.id)
    assert talk.heard("help.tell.say")


def test_a_tap_on_a_closed_question_says_so_and_asks_the_open_one() -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    old = talk.said()[-1].options[0]
    talk.choose("fasting")
    talk.agent("in_range", {"value_mg_dl": 140, "target_low": 80, "target_high": 180})
    talk.say("log my sugar please")
    talk.say(old.label, kind="tap", choice_id=old.id)
    assert talk.heard("system.closed")
    assert talk.heard("log_glucose.ask_value.say.2")


def test_a_label_without_any_id_finds_the_latest_question_that_has_it() -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    talk.say("After a meal", kind="tap")
    assert talk.intents[-1].data["context"] == "after_meal"


def test_a_label_in_the_other_language_is_understood() -> None:
    talk = Talk("hi").onboard()
    talk.say("sugar 140")
    talk.say("after a MEAL.")
    assert talk.intents[-1].data["context"] == "after_meal"


def test_a_number_alone_is_taken_for_a_reading_when_no_question_is_open() -> None:
    talk = Talk().onboard()
    talk.say("164")
    assert talk.heard("log_glucose.ask_context.say")
    talk.choose("fasting")
    talk.agent("above_target", {"value_mg_dl": 164, "target_low": 80, "target_high": 130})
    talk.say("menu")
    talk.say("9")
    assert talk.heard("help.tell.say")


def test_native_digits_choose_an_option() -> None:
    talk = Talk("hi").onboard()
    talk.say("sugar 140")
    talk.say("१")
    assert talk.intents[-1].data["context"] == "fasting"


def test_an_invented_option_id_is_harmless() -> None:
    talk = Talk().onboard()
    talk.say("x", kind="tap", choice_id="menu.choose:__class__")
    talk.say("x", kind="tap", choice_id="nowhere.nothing:no")
    talk.say("x", kind="tap", asked=Asked(EffectId("e"), "gone", "gone", (Option("a", "x"),)))
    assert talk.said()


def test_a_result_in_time_cancels_its_timer_and_a_repeat_changes_nothing() -> None:
    talk = Talk().onboard()
    talk.say("sugar 110 fasting")
    facts = {"value_mg_dl": 110, "target_low": 80, "target_high": 130, "repeated": False}
    turn = talk.agent("in_range", facts)
    assert [effect for effect in turn.effects if isinstance(effect, CancelWake)]
    assert talk.session.timers == []
    before = talk.session
    again = talk.agent("in_range", facts)
    assert again.kind == "stale"
    assert again.effects == []
    assert replace(talk.session, version=before.version) == before


def test_two_readings_in_one_message_are_both_asked_about() -> None:
    talk = Talk().onboard()
    talk.say("sugar 110 and 165 fasting")
    first = talk.intents[-1]
    assert first.data["value"] == 110
    talk.agent("in_range", {"value_mg_dl": 110, "target_low": 80, "target_high": 130}, intent=first)
    assert talk.intents[-1].data["value"] == 165


def test_a_timer_that_is_not_open_changes_nothing() -> None:
    talk = Talk().onboard()
    turn = talk.feed(TimerFired(InputId("x:fired"), PERSON, EffectId("x"), talk.now))
    assert turn.kind == "stale"
    assert turn.effects == []


def test_an_answer_cancels_the_silence_timer() -> None:
    talk = Talk().onboard()
    turn = talk.choose("log")
    [timer] = [effect for effect in turn.effects if isinstance(effect, WakeAt)]
    turn = talk.say("sugar 140 fasting")
    assert [effect.timer for effect in turn.effects if isinstance(effect, CancelWake)] == [timer.id]


def test_a_notice_carries_what_the_daily_count_needs() -> None:
    talk = Talk().onboard()
    talk.choose("log")
    talk.after(1801)
    [notice] = talk.said()
    assert (notice.kind, notice.day) == ("notice", "2025-11-25")
    assert (notice.notice_class, notice.topic) == ("reminder", "glucose.unfinished")
    assert notice.expires_at == notice.at + 2 * 3600


def test_what_answers_a_message_is_no_notice() -> None:
    talk = Talk().onboard()
    talk.choose("log")
    assert {(one.kind, one.notice_class, one.topic, one.expires_at) for one in talk.said()} == {("reply", None, None, None)}


def test_a_step_that_is_gone_from_the_content_does_not_hold_anybody_up() -> None:
    talk = Talk().onboard()
    talk.session.stack.append(Frame("log_glucose", "old", "a_step_of_yesterday", {}, Wait("a_step_of_yesterday")))
    talk.session.stack.append(Frame("a_flow_of_yesterday", "old", "x"))
    talk.say("sugar 110 fasting")
    assert talk.intents[-1].data["value"] == 110


def test_a_long_list_has_a_button_label_and_every_question_a_numbered_form() -> None:
    talk = Talk().onboard()
    menu = talk.said()[-1]
    assert menu.menu_label == "Menu"
    assert menu.numbered is not None
    assert "\n1. Log a sugar reading\n" in menu.numbered
    assert len({option.id for option in menu.options}) == len(menu.options)
    assert all(len(option.id) <= 200 for option in menu.options)


def test_consent_is_kept_with_its_text_version_and_message() -> None:
    talk = Talk("hi").onboard()
    [record] = talk.records("consent")
    assert record.data["version"] == policy().behaviour.consent_version
    assert record.data["language"] == "hi"
    assert len(record.data["text_sha256"]) == 64
    assert record.data["message_id"].startswith("3EB0")
    assert record.data["purposes"]


def test_nothing_goes_to_an_agent_or_a_record_before_consent() -> None:
    talk = Talk()
    for text in ("hi", "sugar 182 fasting", "menu", "help", "human", "log my sugar please", "no"):
        talk.say(text)
    assert talk.intents == []
    assert talk.records("profile") == []


def test_a_flow_that_needs_consent_leads_back_to_the_welcome() -> None:
    talk = Talk()
    talk.say("hi")
    for wish in ("log my sugar please", "menu", "start"):
        talk.say(wish)
        assert [frame.flow for frame in talk.session.stack] == ["welcome"], wish
        assert talk.heard("welcome.ask_language.say"), wish


def test_the_stack_is_bounded_and_what_falls_out_still_gets_its_answer() -> None:
    talk = Talk().onboard()
    for value in range(101, 108):
        talk.say(f"sugar {value} fasting")
    assert len(talk.session.stack) == 5
    talk.agent("in_range", {"value_mg_dl": 102, "target_low": 80, "target_high": 130}, intent=talk.intents[1])
    assert "102 mg/dL" in talk.said()[0].text


def test_values_are_shown_in_the_persons_unit() -> None:
    talk = Talk().onboard()
    talk.session.profile["unit"] = "mmol/L"
    talk.say("sugar 126 fasting")
    talk.agent("in_range", {"value_mg_dl": 126, "target_low": 80, "target_high": 130})
    assert "7.0 mmol/L" in talk.said()[0].text
    assert "4.4–7.2 mmol/L" in talk.said()[0].text


def test_the_session_stays_under_two_kilobytes_in_normal_use() -> None:
    talk = Talk("hi").onboard()
    for value in range(100, 130):
        talk.say(f"sugar {value}")
        talk.choose("fasting")
        talk.say("help")
        talk.agent("in_range", {"value_mg_dl": value, "target_low": 80, "target_high": 130})
        talk.choose("log") if value % 5 == 0 and any(m.options for m in talk.said()) else None
        assert len(encode(talk.session)) < 2048


def test_no_turn_says_more_than_three_messages() -> None:
    talk = Talk().onboard()
    assert all(len([e for e in turn.effects if isinstance(e, Outbound)]) <= 3 for turn in talk.turns)


def test_a_session_without_a_channel_cannot_be_written_to() -> None:
    engine = Engine(content(), policy(), understand)
    session = Session(PERSON, stopped=False)
    assert engine.turn(session, TimerFired(InputId("t"), PERSON, EffectId("t"), 1.0), now=1.0).effects == []


def _last_event(talk: Talk):  # type: ignore[no-untyped-def]
    from bot.model.ids import GatewayId
    from bot.model.inbound import Inbound

    return Inbound(
        InputId("x"), PERSON, "main", "cloud", "919812345678", GatewayId("x"), "text", 5.0, 5.0, text="sugar 140 fasting"
    )
