"""What is said without having been asked: weighed as the step says, else as the flow does; and who must say so."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.authored import FlowFile
from bot.dialogue.compiler import Compiler
from bot.dialogue.flow import Notice
from bot.handwritten.source import parse_source
from tests.authoring.project import Project

FLOW = """
flow: extra
title: An extra flow
starts_on: {intent: extra}
notice: {class: coaching, topic: cups, expires: 1d}
steps:
  ask:
    say: "How many cups?"
    expect: {count: {type: number, min: 1, max: 10, unit: cups}}
    silence: {after: 1h, say: "Still there?", then: bookmark}
    notice: {expires: 30m}
    next: pass_time
  pass_time:
    wait: 1h
    next: thank
  thank:
    say: "Thank you."
    next: end
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def codes(project: Project, *changes: tuple[str, str]) -> list[tuple[str, int]]:
    text = FLOW
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    project.write("extra", text)
    return [(one.message, one.line) for one in project.check() if one.code in ("notice", "form")]


def test_a_step_says_what_is_different_from_its_flow() -> None:
    compiler = Compiler(parse_source(FLOW.encode(), "extra.yaml"), {})
    flow = compiler.compile(compiler.read(FlowFile))
    assert flow is not None
    assert flow.notice == Notice("coaching", "cups", 86400, once="day")
    assert flow.steps["ask"].notice == Notice("coaching", "cups", 1800, once="day")
    assert flow.steps["pass_time"].notice is None


def test_nothing_is_missing_where_the_flow_says_it(project: Project) -> None:
    assert codes(project) == []


def test_a_silence_and_a_wait_need_all_three(project: Project) -> None:
    found = codes(project, ("notice: {class: coaching, topic: cups, expires: 1d}\n", ""))
    assert [line for _, line in found] == [9, 13]
    assert found[0][0].endswith("without class, topic")
    assert found[1][0].endswith("without class, topic, expires")


def test_what_is_silent_or_an_emergency_needs_none(project: Project) -> None:
    bare = ("notice: {class: coaching, topic: cups, expires: 1d}\n", "")
    no_words = ('silence: {after: 1h, say: "Still there?", then: bookmark}', "silence: {after: 1h, then: end}")
    urgent = ("  thank:\n", "  thank:\n    kind: emergency\n")
    assert codes(project, bare, no_words, urgent) == []


def test_a_notice_where_no_time_passes_is_found(project: Project) -> None:
    [(message, line)] = codes(project, ("  thank:\n", "  thank:\n    notice: {class: clinical}\n"))
    assert line == 17
    assert "never speaks" in message


def test_an_emergency_is_no_class_of_notices(project: Project) -> None:
    assert codes(project, ("class: coaching", "class: emergency")) == [("notice.class: 'emergency' cannot stand here", 5)]


def test_what_an_agent_tells_unasked_must_say_how_it_is_weighed(project: Project) -> None:
    event = ("starts_on: {intent: extra}", "starts_on: {event: doctor_bridge.case_answered}")
    assert codes(project, event) == []
    wanting = ("notice: {class: coaching, topic: cups, expires: 1d}\n", "notice: {class: coaching}\n")
    message, line = codes(project, event, wanting)[0]
    assert "when an agent tells something unasked is a notice without topic, expires" in message
    assert line == 4
