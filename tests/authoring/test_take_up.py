"""A held reading is taken up only from where 'holds' has kept it, in a step of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.authoring.project import Project

FLOW = """
flow: extra
title: An extra flow
starts_on: {intent: extra}
holds: {into: held, say: "I saw your reading. One moment."}
steps:
  begin:
    take_up: held
    next: thank
  thank:
    say: "Thank you."
    next: end
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("take_up: held", "take_up: kept", "is not what 'holds' keeps"),
        ("take_up: held", "take_up: held\n    call: other", "does something else"),
        ("", "", None),
    ],
)
def test_it_names_the_variable_of_holds_and_stands_alone(tmp_path: Path, old: str, new: str, told: str | None) -> None:
    project = Project(tmp_path)
    project.write("extra", FLOW.replace(old, new) if old else FLOW)
    found = [one for one in project.check() if one.file.endswith("extra.yaml") and one.code in ("result", "variable", "unused")]
    assert [one.code for one in found] == (["result"] if told else [])
    assert [one.line for one in found] == ([8] if told else [])
    assert all(told in one.message for one in found if told)
