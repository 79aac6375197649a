"""Faults of the newer parts of the language that share a rule's code with older ones: each found at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.lint.rules import RULES
from tests.authoring.project import Project

HEAD = "flow: extra\ntitle: An extra flow\nstarts_on: {intent: extra}\n"
ASK = """steps:
  ask:
    say: "When?"
    expect:
      day: {type: date, ask: "Which day?"}
      hour: {type: time, ask: "What time?"}
    next: [{when: "day == '2026-01-01' or hour < '12:00'", go: tell}, {go: end}]
  tell:
    say: "{{ day | day(person.language) }}, {{ hour | pm }}"
    next: end
"""


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (("", ""), None, 0),
        ((', ask: "What time?"', ""), "silent", 9),
        (("{type: time,", "{type: time, in_the: past,"), "answer_type", 9),
        (("day == '2026-01-01'", "day == 5"), "answer_type", 10),
        (("{{ hour | pm }}", "{{ hour | noon }}"), "template", 12),
        (("Which day?", "Which day, {{ person.name }}?"), "empty_variable", 8),
        (("Which day?", "Which day, {{ nobody }}?"), "variable", 8),
    ],
)
def test_a_fault_is_found_at_its_line(tmp_path: Path, change: tuple[str, str], code: str | None, line: int) -> None:
    project = Project(tmp_path)
    project.write("extra", (HEAD + ASK).replace(*change) if change[0] else HEAD + ASK)
    found = [(one.code, one.line) for one in project.check() if one.file.endswith("extra.yaml")]
    assert (code, line) in found if code else not found
    assert code is None or code in RULES
