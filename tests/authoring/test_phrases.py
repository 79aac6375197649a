"""Phrases that start a flow: only one flow may claim one, and what our understanding takes for more comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.content import load_content
from bot.dialogue.lint.check import check_content
from bot.handwritten.finding import Finding
from bot.understanding.meaning import IntentFound, Meaning, ReadingFound
from tests.authoring.project import TODAY, Project
from tests.dialogue.talk import ROOT

FLOW = """
flow: extra
title: An extra flow
starts_on: {phrases: %s}
steps:
  greet:
    say: "Hello."
    next: end
"""
READS = """
flow: reads
title: A flow of readings
starts_on: {readings: glucose}
steps:
  greet:
    say: "Hello."
    next: end
"""
MEANT = {
    "stop it": Meaning(command="stop"),
    "sugar 40": Meaning(readings=(ReadingFound("glucose", 40.0),)),
    "my chest": Meaning(urgency="emergency"),
    "greet me": Meaning(intent=IntentFound("other", 0.9)),
    "perhaps": Meaning(intent=IntentFound("other", 0.3)),
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def checked(project: Project) -> list[Finding]:
    found = check_content(
        project.dialogs,
        project.locales,
        languages=["en"],
        today=TODAY,
        understand=lambda text: MEANT.get(text, Meaning()),
    )
    return [one for one in found if one.code in ("phrase", "claim", "form", "unused_flow")]


def test_a_phrase_in_any_language_starts_its_flow(project: Project) -> None:
    project.write("extra", FLOW % '["My  Plate.", "मेरी थाली", perhaps]')
    assert checked(project) == []
    by_phrase = load_content(ROOT / "dialogs", ROOT / "locales", languages=["en"]).by_phrase
    assert by_phrase["fees"] == by_phrase["फीस"] == "pay"


def test_two_flows_cannot_claim_one_phrase_however_it_is_written(project: Project) -> None:
    project.write("extra", FLOW % '["My plate"]')
    project.write("more", (FLOW % '["ok", "my PLATE!"]').replace("flow: extra", "flow: more"))
    [finding] = checked(project)
    assert (finding.code, finding.file, finding.level) == ("claim", "dialogs/flows/more.yaml", "blocker")
    assert "'my plate'" in finding.message


@pytest.mark.parametrize(("phrase", "told"), [("stop it", "'stop'"), ("sugar 40", "a reading"), ("my chest", "an alarm")])
def test_what_is_more_than_words_never_starts_a_flow(project: Project, phrase: str, told: str) -> None:
    project.write("reads", READS)
    project.write("extra", FLOW % f'[ok, "{phrase}"]')
    [finding] = checked(project)
    assert (finding.code, finding.level, finding.line, finding.column) == ("phrase", "blocker", 4, 27)
    assert told in finding.message


def test_what_means_another_flow_already_is_a_hint(project: Project) -> None:
    project.write("extra", FLOW % '["greet me"]')
    [finding] = checked(project)
    assert (finding.code, finding.level) == ("phrase", "hint")
    assert "'other'" in finding.message


def test_a_phrase_has_words(project: Project) -> None:
    project.write("extra", FLOW % '[" ?! "]')
    assert [one.code for one in checked(project)] == ["form"]
