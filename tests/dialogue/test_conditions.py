"""What a person lives with: several at once, kept in both forms, named together in one message."""

from __future__ import annotations

import pytest

from bot.dialogue.engine import Engine
from bot.dialogue.options import named_together
from bot.model.conditions import conditions_of, keep_conditions
from bot.understanding.meaning import Context
from tests.dialogue.asked import Asked
from tests.dialogue.talk import content, policy
from tests.reading import our_reader


def test_what_was_told_replaces_what_was_known_and_the_first_stands_under_the_old_name_too() -> None:
    profile = {"name": "Asha", "condition": "type_2"}
    assert conditions_of(profile) == ["type_2"]  # a record of before
    assert keep_conditions(profile, ["kidney", "pregnant", "kidney", "no", "unsaid"])
    assert profile == {"name": "Asha", "condition": "pregnant", "conditions": ["pregnant", "kidney"]}
    assert not keep_conditions(profile, ["pregnant", "kidney"])
    assert keep_conditions(profile, "type_1")  # a conversation on older content knows one
    assert conditions_of(profile) == ["type_1"]
    assert keep_conditions(profile, None)
    assert profile == {"name": "Asha"}


def test_an_older_worker_adds_to_what_it_does_not_know() -> None:
    assert conditions_of({"condition": "gestational", "conditions": ["type_2", "kidney"]}) == ["gestational", "type_2", "kidney"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("heart failure and sugar", ["heart_failure", "type_2"]),
        ("BP, kidney problem, pregnant", ["pressure", "kidney", "pregnant"]),
        ("diabetes in pregnancy, high blood pressure", ["gestational", "pressure"]),
        ("शुगर और किडनी", ["type_2", "kidney"]), ("1, 5", ["type_2", "pressure"]),
        ("kidney", []), ("no kidney disease, no sugar", []), ("1, 77", []), ("sugar, rather not say", []), ("", []),
    ],
)  # fmt: skip
def test_several_options_in_one_message(text: str, found: list[str]) -> None:
    step = content().flows["profile"].steps["ask_condition"]
    meaning = our_reader().understand(text, Context(language="en"))
    assert [one.id for one in named_together(step, meaning, text)] == found


def test_names_of_illnesses_are_an_answer_where_they_are_asked_for_and_an_alarm_where_they_are_not() -> None:
    talk = Asked("en", "profile/ask_condition")
    talk.engine = Engine(content(), policy(), our_reader().understand)
    talk.say("my kidney hurts a lot and my sugar is high")
    assert talk.taken == []  # news, and no answer
    for text, alarm in (
        ("heart failure and sugar", False),
        ("heart failure help me", True),
        ("heart failure, I cannot breathe", True),
    ):
        talk = Asked("en", "profile/ask_condition")
        talk.engine = Engine(content(), policy(), our_reader().understand)
        talk.say(text)
        assert talk.alarmed is alarm, text
