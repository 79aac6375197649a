"""Whose version is gone goes on in the current one: at the same step, at the one it became, or at a landing. Nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.dialogue.content import Content
from bot.dialogue.contents import Contents
from bot.dialogue.engine import Engine
from bot.dialogue.landing import Landing, land
from bot.model.effects import CancelWake
from bot.model.ids import GatewayId
from bot.model.session import Asked
from tests.dialogue.edition import edition
from tests.dialogue.talk import Talk, policy
from tests.reading import our_reader

GLUCOSE, PROFILE = "flows/log_glucose.yaml", "flows/profile.yaml"
FACTS = {"value_mg_dl": 140, "target_low": 80, "target_high": 180}


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Two steps and a flow have other names, one question is gone; in log_glucose one lands at its first question."""
    changes = [
        (GLUCOSE, 'time", go: ask_context}', 'time", go: ask_when}'),
        (GLUCOSE, "tries: 1, then: ask_context", "tries: 1, then: ask_when"),
        (GLUCOSE, "set: {meal_context: after_meal}\n    next: save", "set: {meal_context: after_meal}\n    next: keep"),
        (GLUCOSE, "- {go: ask_context}", "- {go: ask_when}"),
        (GLUCOSE, "  ask_context:\n", "  ask_when:\n    was: ask_context\n"),
        (GLUCOSE, "starts_on: {intent: log_reading", "landing: ask_value\nstarts_on: {intent: log_reading"),
        (GLUCOSE, "\n  save:\n", "\n  keep:\n"),
        (GLUCOSE, "unclear: {tries: 2, then: save}\n    next: save", "unclear: {tries: 2, then: keep}\n    next: keep"),
        (GLUCOSE, 'glucose >= limits.very_high", go: save}', 'glucose >= limits.very_high", go: keep}'),
        (PROFILE, "  ask_eighteen:", "  ask_adult:"),
        (PROFILE, "go: ask_eighteen", "go: ask_adult"),
    ]
    return edition(tmp_path_factory.mktemp("renamed"), *changes)


@pytest.fixture(scope="module")
def reordered(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Two lists begin with another option."""
    changes = [
        (GLUCOSE, '      fasting: {label: "Fasting"', '      before_work: "Before work"\n      fasting: {label: "Fasting"'),
        (
            "flows/menu.yaml",
            '      log: {label: "Log a sugar reading"',
            '      more: {label: "More", go: help}\n      log: {label: "Record sugar"',
        ),
    ]
    return edition(tmp_path_factory.mktemp("reordered"), *changes)


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """A flow is called otherwise."""
    folder = tmp_path_factory.mktemp("merged")
    edition(folder / "a", ("flows/thanks.yaml", "owner: engagement", "owner: nobody"))
    (folder / "a/dialogs/flows/profile.yaml").rename(folder / "a/dialogs/flows/details.yaml")
    changes = [
        ("flows/details.yaml", "flow: profile\n", "flow: details\nwas: profile\n"),
        ("flows/menu.yaml", "{jump: profile}", "{jump: details}"),
        ("flows/menu_settings.yaml", "{jump: profile}", "{jump: details}"),
        ("flows/my_data.yaml", "{jump: profile}", "{jump: details}"),
        ("flows/welcome.yaml", "call: profile", "call: details"),
    ]
    return edition(folder / "b", *changes, source=folder / "a/dialogs")


def lose(talk: Talk, made: Content) -> None:
    """The version that everybody stands on is gone, from the shelf and from the store."""
    talk.engine.contents = Contents(made)


def traced(talk: Talk, action: str) -> list[str]:
    return [line["to"] for turn in talk.turns for line in turn.trace if line["action"] == action and line.get("how") != "same"]


def test_a_step_that_was_renamed_takes_the_answer_as_if_nothing_had_happened(renamed: Content) -> None:
    talk = Talk(form="quoted").onboard()
    talk.say("sugar 140")
    profile = talk.session.profile
    lose(talk, renamed)
    talk.choose("fasting")  # the button of a question that is called otherwise now
    assert talk.intents[-1].data["context"] == "fasting"
    assert traced(talk, "moved") == ["log_glucose/ask_when"]
    assert talk.session.profile == profile
    assert {frame.content for frame in talk.session.stack} == {renamed.version}


def test_a_number_is_not_taken_for_the_option_of_a_list_that_may_have_been_another(reordered: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    lose(talk, reordered)
    assert talk.say("1").kind == "moved"  # was "fasting"; is "before work"
    assert talk.heard("system.moved")
    assert talk.heard("log_glucose.ask_context.say")
    assert talk.intents == []
    talk.say("1")  # of the list that was shown just now
    assert talk.intents[-1].data["context"] == "before_work"


def test_words_mean_what_they_say_in_a_list_that_has_changed(reordered: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    lose(talk, reordered)
    talk.say("Fasting")
    assert talk.intents[-1].data["context"] == "fasting"


@pytest.mark.parametrize("text", ["1", "Log a sugar reading", "१"])
def test_an_answer_that_quotes_an_old_list_means_that_list(reordered: Content, text: str) -> None:
    talk = Talk().onboard()
    menu = next(message for message in reversed(talk.said(everything=True)) if message.options)
    talk.engine.contents = talk.engine.contents.published(reordered)
    talk.say("menu")
    talk.say("help")
    quoted = Asked(menu.id, "menu", "choose", menu.options)
    talk.say(text, asked=quoted, quoted_id=GatewayId("sent"))
    assert talk.heard("log_glucose.ask_value.say.2")
    talk.say("9", asked=quoted, quoted_id=GatewayId("sent"))  # there was no ninth
    assert talk.turns[-1].kind != "answer" or not talk.intents


def test_a_tapped_id_of_a_renamed_step_is_known(renamed: Content) -> None:
    talk = Talk(form="tapped").onboard()
    talk.say("sugar 140")
    lose(talk, renamed)
    talk.choose("bedtime")
    assert talk.intents[-1].data["context"] == "bedtime"


def test_an_answer_to_a_question_that_is_gone_is_no_answer_to_its_landing(renamed: Content) -> None:
    talk = Talk().onboard()
    talk.choose("profile")
    talk.say("skip")
    talk.say("2007")
    assert talk.heard("profile.ask_eighteen.say")
    profile = talk.session.profile
    lose(talk, renamed)
    assert talk.say("1").kind == "moved"  # would be the menu's first option
    assert talk.heard("system.moved")
    assert talk.heard("menu.choose.say")
    assert traced(talk, "landed") == ["menu/choose"]
    assert talk.session.profile == profile
    assert talk.say("1").kind == "answer"  # now it has been asked
    assert talk.heard("log_glucose.ask_value.say.2")


def test_what_is_more_than_an_answer_is_heard_where_somebody_lands(renamed: Content) -> None:
    talk = Talk().onboard()
    talk.choose("profile")
    talk.say("skip")
    talk.say("2007")
    lose(talk, renamed)
    talk.say("sugar 110 fasting")
    assert talk.intents[-1].data["value"] == 110
    talk.say("chest pain")
    assert talk.heard("emergency.chest_pain")


def test_a_flow_has_its_own_landing(renamed: Content) -> None:
    assert land(renamed, "log_glucose", "no_such_question", "asked") == Landing("landing", "log_glucose", "ask_value")
    assert land(renamed, "log_glucose", "check", "asked") == Landing("landing", "log_glucose", "ask_value")  # asks no more
    assert land(renamed, "log_glucose", "ask_context", "asked") == Landing("renamed", "log_glucose", "ask_when")
    assert land(renamed, "log_glucose", "ask_value", "asked") == Landing("same", "log_glucose", "ask_value")
    assert land(renamed, "log_glucose", "", "begins") == Landing("same", "log_glucose", "")
    assert land(renamed, "no_such_flow", "ask", "asked") == Landing("menu", "menu", "choose")


def test_an_agents_answer_is_told_although_its_step_is_called_otherwise(renamed: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140 fasting")
    lose(talk, renamed)
    talk.say("thanks")  # meanwhile
    talk.agent("in_range", FACTS)
    assert talk.heard("log_glucose.praise.say")
    assert traced(talk, "moved") == ["log_glucose/keep"]


def test_an_agents_answer_that_came_too_late_is_told_as_well(renamed: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140 fasting")
    lose(talk, renamed)
    talk.after(60)  # nothing can be said of it: the step is gone
    assert talk.session.overdue
    talk.agent("in_range", FACTS)
    assert talk.heard("log_glucose.praise.say")


def test_an_answer_of_which_no_step_knows_is_noted_and_holds_nobody_up(renamed: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140 fasting")
    lose(talk, renamed)
    assert "result_lost" in [line["action"] for line in talk.agent("unheard_of", FACTS).trace]
    assert talk.say("menu").kind == "command"
    talk.say("sugar 120 fasting")
    assert talk.intents[-1].data["value"] == 120


def test_the_silence_of_a_question_that_is_gone_is_not_spoken_of(renamed: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    talk.session.stack[-1].step = talk.session.stack[-1].wait.step = "ask_gone"  # type: ignore[union-attr]
    lose(talk, renamed)
    [turn] = talk.after(700)
    assert talk.said() == []
    assert [effect for effect in turn.effects if isinstance(effect, CancelWake)]
    assert (talk.session.stack[-1].step, talk.session.timers) == ("ask_value", [])
    assert talk.say("yes").kind == "moved"
    assert talk.heard("log_glucose.ask_value.say.2")


def test_what_was_to_happen_later_still_happens_then(renamed: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    frame = talk.session.stack[-1]
    assert frame.wait
    [timer] = talk.session.timers
    talk.session.timers = [replace(timer, data={"why": "wait"})]
    frame.step = frame.wait.step = "look_again"
    lose(talk, renamed)
    [turn] = talk.after(700)
    assert talk.heard("log_glucose.ask_value.say.2")
    assert [message.kind for message in talk.said()] == ["notice"]
    assert turn.session.timers[0].data == {"why": "silence"}
    assert talk.say("126 fasting").kind == "answer"


def test_a_correction_finds_the_answer_although_its_step_is_called_otherwise(tmp_path: Path) -> None:
    rename = [
        (GLUCOSE, 'time", go: ask_context}', 'time", go: ask_when}'),
        (GLUCOSE, "tries: 1, then: ask_context", "tries: 1, then: ask_when"),
        (GLUCOSE, "- {go: ask_context}", "- {go: ask_when}"),
        (GLUCOSE, "  ask_context:\n", "  ask_when:\n    was: ask_context\n"),
    ]
    made = edition(tmp_path, *rename)
    talk = Talk().onboard()
    read = our_reader().understand
    talk.engine = Engine(talk.engine.contents, policy(), read)
    talk.say("sugar 140")
    talk.say("after food")
    assert talk.intents[-1].data["context"] == "after_meal"
    lose(talk, made)
    assert talk.say("sorry, fasting").kind == "correction"
    assert (talk.intents[-1].data["value"], talk.intents[-1].data["context"]) == (140, "fasting")
    assert [frame.flow for frame in talk.session.stack].count("log_glucose") == 1
    talk.agent("in_range", FACTS)
    assert talk.heard("log_glucose.praise.say")


def test_a_flow_that_was_renamed_is_found(merged: Content) -> None:
    talk = Talk().onboard()
    talk.choose("profile")
    lose(talk, merged)
    talk.say("Asha")
    assert talk.session.profile["name"] == "Asha"
    assert [(frame.flow, frame.step) for frame in talk.session.stack] == [("details", "ask_birth_year")]


def test_a_question_that_was_laid_aside_goes_along_or_is_let_go(renamed: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    talk.say("menu")
    [bookmark] = talk.session.bookmarks
    assert talk.engine.contents.missing(talk.session) == set()
    lose(talk, renamed)
    assert talk.engine.contents.missing(talk.session) == {bookmark.frames[0].content}
    talk.say("thanks")
    assert [(one.flow, one.step, one.content) for one in talk.session.bookmarks[0].frames] == [
        ("log_glucose", "ask_when", renamed.version)
    ]
    talk.session.bookmarks[0].frames[0].step = "gone"
    talk.say("thanks")
    assert talk.session.bookmarks == []


def test_frames_that_land_at_one_question_ask_it_once(renamed: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    frame = talk.session.stack[-1]
    for name in ("gone", "also_gone"):
        talk.session.stack.append(type(frame)(name, "old", "x"))
    talk.say("sugar 110 fasting")
    assert talk.intents[-1].data["value"] == 110
    assert [one.flow for one in talk.session.stack].count("menu") == 1
