"""What translators read above a text: where it is said, how long it may be, what its placeholders stand for."""

from __future__ import annotations

import re

from bot.dialogue.messages import BUTTON_LABEL, BUTTONS, question
from bot.i18n.notes import notes
from bot.i18n.placeholders import PARTS, known, names_of, placeholder_notes
from tests.dialogue.speakers import content

TAG = re.compile(r"\{\{.*?\}\}", re.DOTALL)


def told(key: str) -> list[str]:
    return notes(key, content().keys, content().flows)


def test_every_text_of_ours_has_a_budget_and_every_placeholder_a_meaning() -> None:
    silent = []
    for key, written in content().keys.items():
        lines = told(key)
        assert any(line.startswith("at most ") for line in lines), key
        for tag in TAG.findall(written.source):
            if not any(line.startswith(f"{tag}: ") for line in lines):
                silent.append((key, tag))
        assert (PARTS in lines) is ("{%" in written.source), key
    assert not silent, f"add them to bot/i18n/placeholders.yaml: {silent}"


def test_the_budget_is_that_of_the_place_where_the_channel_shows_a_text() -> None:
    budgets = {key: next(line for line in told(key) if line.startswith("at most ")) for key in content().keys}
    assert budgets["activity_goal.ask_what.option.minutes"].startswith("at most 20 characters: a button")
    assert budgets["menu.choose.option.log"].startswith("at most 24 characters: a row")
    assert budgets["profile.ask_condition.option.type_2.description"].startswith("at most 72 ")
    assert budgets["activity.ask_kind.menu_label"].startswith("at most 20 ")
    assert budgets["system.menu_label"].startswith("at most 20 ")
    assert budgets["my_consents.choose.footer"].startswith("at most 60 ")
    assert budgets["activity.ask_kind.say"].startswith("at most 1,024 ")
    assert budgets["hello.greet.say"].startswith("at most 4,096 ")
    assert (question.__module__, BUTTONS, BUTTON_LABEL) == ("bot.dialogue.messages", 3, 20)


def test_a_text_tells_where_it_is_said_and_what_its_author_notes() -> None:
    assert told("activity.ask_kind.option.run")[0] == "an answer to: “Nice! What did you do?”"
    assert told("activity.ask_minutes.unclear")[0].startswith("said when the answer was not understood, to “For about")
    assert "needs native clinical review" in told("log_glucose.praise.say")
    alarm = told("care_team_alarm.alarm.say")
    assert any(line.startswith("{{ phone }}: With +; empty where it is not known") for line in alarm)


def test_a_placeholder_is_shown_as_its_filter_shows_it() -> None:
    [line] = placeholder_notes("On {{ day | day(person.language) }}.", "x", {})
    assert line == "{{ day | day(person.language) }}: a day, as “Monday, 23 November”"
    assert names_of("'✅' if 'research' in purposes else '⬜'") == ["purposes"]


def test_no_meaning_is_kept_of_what_no_text_shows() -> None:
    shown = {name for written in content().keys.values() for tag in TAG.findall(written.source) for name in names_of(tag[2:-2])}
    unused = {name.rpartition("/")[2] for name in known()} - shown - {"person.language", "person.unit", "unit"}
    assert not unused
