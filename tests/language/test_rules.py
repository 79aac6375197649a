"""Faults of the newer parts of the language that share a rule's code with older ones: each found at its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.dialogue.lint.check import check_content
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


CALLS = """takes: {who: {required: false}}
gives: [answer]
vars: {mood: turn, streak: person}
steps:
  begin:
    set: {mood: "{{ who }}", streak: "{{ streak + 1 if streak else 1 }}"}
    next: ask
  ask:
    say: "Well?"
    options: {good: "Good", bad: "Bad"}
    answer: answer
    next: [{when: mood, go: again}, {go: end}]
  again:
    call: extra
    with: {who: "{{ streak }}"}
    into: {other: answer}
    on: {cancelled: end}
    next: tell
  tell:
    say: "{{ other }}"
    next: end
"""


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (("", ""), None, 0),
        (("{who: {required: false}}", "[who]"), "argument", 4),
        (("gives: [answer]", "gives: [answers]"), "result", 5),
        (("{other: answer}", "{other: who}"), "result", 19),
        (("with: {who:", "with: {whom:"), "argument", 18),
        (("on: {cancelled: end}", "on: {done: end}"), "result", 20),
        (('"Well?"', '"Well, {{ streak }}{{ mood }}?"'), None, 0),
        (('"{{ other }}"', '"{{ other }}{{ mood }}"'), "empty_variable", 23),
        (("mood: turn", "mood: day"), "form", 6),
        (("{mood: turn, streak: person}", "[mood, streak, streak]"), "form", 6),
        (("{mood: turn, streak: person}", "{mood: turn, streak: person, spare: flow}"), "unused", 6),
    ],
)
def test_a_fault_of_a_call_is_found_at_its_line(tmp_path: Path, change: tuple[str, str], code: str | None, line: int) -> None:
    project = Project(tmp_path)
    project.write("extra", (HEAD + CALLS).replace(*change) if change[0] else HEAD + CALLS)
    found = [(one.code, one.line) for one in project.check() if one.file.endswith("extra.yaml")]
    assert (code, line) in found if code else not found, found


def test_the_flows_of_these_tests_have_no_findings(dialogs: Path) -> None:
    found = check_content(dialogs, dialogs / "locales", languages=["en", "hi"], today=date(2025, 11, 25))
    mine = [
        str(one)
        for one in found
        if one.code not in ("translation", "unsigned", "needed", "hard_to_read") and "/flows/" in one.file
    ]
    assert not mine, "\n".join(mine)


GUARDED = """who: {when: not person.minor, otherwise: young}
limits: {questions: 9, then: leave}
steps:
  ask:
    say: "Well?"
    options: {good: "Good", bad: "Bad"}
    next: end
  young: {say: "Not yet.", next: end}
  leave: {say: "Enough.", next: end}
"""


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (("", ""), None, 0),
        (("otherwise: young", "otherwise: old"), "target", 4),
        (("then: leave", "then: leaf"), "target", 5),
        (("not person.minor", "not minor"), "variable", 4),
        (("not person.minor", "not person.minor()"), "expression", 4),
        (("questions: 9", "questions: 0"), "form", 5),
    ],
)
def test_a_fault_of_a_guard_is_found_at_its_line(tmp_path: Path, change: tuple[str, str], code: str | None, line: int) -> None:
    project = Project(tmp_path)
    project.write("extra", (HEAD + GUARDED).replace(*change) if change[0] else HEAD + GUARDED)
    found = [(one.code, one.line) for one in project.check() if one.file.endswith("extra.yaml")]
    assert (code, line) in found if code else not found, found


ARMS = """arms: {praise: {of: {short: 1, warm: 1}, until: "2026-12-31", then: short}}
steps:
  thank:
    say: [{when: "arms.praise == 'warm'", text: "Well done!"}, {text: "Noted."}]
    next: end
"""


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (("", ""), None, 0),
        (("arms:", "risk: clinical\narms:"), "experiment", 5),
        (("    next: end", "    kind: emergency\n    next: end"), "experiment", 6),
        (("Well done!", "Take your insulin!"), "experiment", 7),
        (('until: "2026-12-31", ', ""), "experiment", 4),
        (("2026-12-31", "2026-12-32"), "experiment", 4),
        (("then: short", "then: long"), "experiment", 4),
        (("{short: 1, warm: 1}", "{short: 1}"), "experiment", 4),
        (("warm: 1", "warm: 0"), "form", 4),
        (("arms.praise", "arms.prize"), "variable", 6),
    ],
)
def test_a_fault_of_an_experiment_is_found_at_its_line(
    tmp_path: Path, change: tuple[str, str], code: str | None, line: int
) -> None:
    project = Project(tmp_path)
    project.write("extra", (HEAD + ARMS).replace(*change) if change[0] else HEAD + ARMS)
    found = [(one.code, one.line) for one in project.check() if one.file.endswith("extra.yaml")]
    assert (code, line) in found if code else not found, found


MEDIA = """steps:
  show:
    media: {image: plate.png}
    say: "Half of the plate."
    next: end
"""


@pytest.mark.parametrize(
    ("change", "code", "line"),
    [
        (("", ""), None, 0),
        (("plate.png", "plates.png"), "media", 6),
        (("{image:", "{audio:"), "media", 6),
        (("plate.png", "huge.png"), "media", 6),
        (("{image: plate.png}", "{image: plate.png, audio: a.ogg}"), "form", 6),
        (("plate.png", '"{{ chart }}"'), "variable", 6),
        (("Half of the plate.", "Half. " * 200), "media", 7),
    ],
)
def test_a_fault_of_a_file_is_found_at_its_line(tmp_path: Path, change: tuple[str, str], code: str | None, line: int) -> None:
    project = Project(tmp_path)
    (project.dialogs / "media").mkdir()
    picture = (Path(__file__).parent / "media/plate.png").read_bytes()
    (project.dialogs / "media/plate.png").write_bytes(picture)
    (project.dialogs / "media/huge.png").write_bytes(picture + bytes(1_000_000))
    project.write("extra", (HEAD + MEDIA).replace(*change) if change[0] else HEAD + MEDIA)
    found = [(one.code, one.line) for one in project.check() if one.file.endswith("extra.yaml")]
    assert (code, line) in found if code else not found, found
