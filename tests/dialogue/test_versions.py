"""A conversation stays on the version of the content that it began on; what begins, begins on the current one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue.content import Content
from bot.dialogue.contents import MOST, Contents
from bot.dialogue.engine import Engine
from bot.model.session import Frame, Session
from tests.dialogue.edition import edition
from tests.dialogue.stub import understand
from tests.dialogue.talk import PERSON, Talk, content, policy

GLUCOSE = "flows/log_glucose.yaml"
ASK = "flows/profile.yaml"


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Content:
    return edition(
        tmp_path_factory.mktemp("later"),
        (GLUCOSE, "{{ glucose | glucose(person.unit) }}. When did you measure it?", "NEW when?"),
        (GLUCOSE, "fasting: {label:", "before_work: {label: Before work, also: [office]}\n      fasting: {label:"),
        (ASK, "What may I call you?", "NEW name?"),
        ("flows/menu.yaml", "What would you like to do?", "NEW menu?"),
        ("emergency.yaml", "Chest pain can be an emergency.", "NEW chest pain."),
    )


def publish(talk: Talk, made: Content) -> None:
    talk.engine.contents = talk.engine.contents.published(made)


def versions(talk: Talk) -> list[tuple[str, str]]:
    return [(frame.flow, frame.content) for frame in talk.session.stack]


def test_an_open_question_is_answered_in_the_version_that_asked_it(later: Content) -> None:
    talk = Talk(form="number").onboard()
    talk.say("sugar 140")
    assert talk.heard("log_glucose.ask_context.say")
    publish(talk, later)
    assert talk.choose("fasting").kind == "answer"  # "1", which is another option in the new version
    assert talk.intents[-1].data["context"] == "fasting"
    assert versions(talk)[-1] == ("log_glucose", content().version)


@pytest.mark.parametrize("form", ["tapped", "quoted"])
def test_a_button_of_the_older_version_works_while_its_question_is_open(later: Content, form: str) -> None:
    talk = Talk(form=form).onboard()
    talk.say("sugar 140")
    publish(talk, later)
    talk.choose("bedtime")
    assert talk.intents[-1].data["context"] == "bedtime"


def test_what_begins_takes_the_current_version_and_the_older_question_comes_back_in_its_own_words(later: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    publish(talk, later)
    talk.say("help")
    assert talk.heard("log_glucose.ask_context.say")
    talk.choose("fasting")
    talk.agent("in_range", {"value_mg_dl": 140, "target_low": 80, "target_high": 180})
    talk.say("sugar 150")
    assert "NEW when?" in talk.said()[-1].text
    assert versions(talk)[-1] == ("log_glucose", later.version)


def test_a_flow_that_is_jumped_to_or_called_is_of_its_callers_version(later: Content) -> None:
    talk = Talk()
    talk.say("hello")
    talk.choose("en")
    publish(talk, later)
    talk.choose("agree")
    assert talk.heard("profile.ask_name.say")
    assert versions(talk) == [("welcome", content().version), ("profile", content().version)]


def test_a_jump_to_a_flow_that_opens_afresh_ends_the_stay_on_the_older_version(later: Content) -> None:
    talk = Talk()
    talk.say("hello")
    talk.choose("en")
    talk.choose("agree")
    publish(talk, later)
    for _ in range(5):
        talk.say("skip")
    talk.choose("done")
    assert "NEW menu?" in talk.said()[-1].text
    assert versions(talk) == [("menu", later.version)]


def test_an_emergency_is_answered_in_the_current_words_whatever_version_one_stands_on(later: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 140")
    publish(talk, later)
    talk.say("chest pain")
    assert talk.said()[0].text.startswith("NEW chest pain.")


def test_a_late_agents_answer_is_told_by_the_version_that_asked(later: Content) -> None:
    talk = Talk().onboard()
    talk.say("sugar 110 fasting")
    talk.after(60)
    publish(talk, later)
    talk.agent("in_range", {"value_mg_dl": 110, "target_low": 80, "target_high": 130})
    assert talk.turns[-1].trace[0] == {"action": "late_result", "flow": "log_glucose", "step": "save"}


def test_what_is_missing_is_told_and_the_shelf_is_bounded() -> None:
    shelf = Contents(content())
    session = Session(PERSON, stack=[Frame("menu", content().version, "choose"), Frame("menu", "old", "choose")])
    session.overdue = {}
    assert shelf.missing(session) == {"old"}
    assert shelf.beside(replace(content(), version="old")).missing(session) == set()
    assert shelf.published(content()) is shelf
    for number in range(3 * MOST):
        shelf = shelf.published(replace(content(), version=f"v{number}"))
    held = [f"v{number}" for number in range(3 * MOST) if shelf.of(f"v{number}")]
    assert held == [f"v{number}" for number in range(2 * MOST, 3 * MOST)]


def test_the_shelf_may_be_handed_to_the_engine(later: Content) -> None:
    engine = Engine(Contents(later).beside(content()), policy(), understand)
    assert engine.contents.of(content().version) is content()
