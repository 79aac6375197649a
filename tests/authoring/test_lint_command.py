"""``procare dialogs lint``: exit status, formats and places, for people and for machines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.dialogs import dialogs
from tests.authoring.project import ROOT, Project

BAD = (ROOT / "tests/authoring/rules/forbidden/bad.yaml").read_text(encoding="utf-8")
HINT = (ROOT / "tests/authoring/rules/unsigned/bad.yaml").read_text(encoding="utf-8")


def lint(*arguments: object) -> Result:
    return CliRunner().invoke(dialogs, ["lint", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.translate("")
    return project


def test_our_own_dialogues_have_no_blocker_and_no_warning() -> None:
    result = lint("--level", "warning")
    assert (result.exit_code, result.output) == (0, "nothing found\n")


def test_a_blocker_is_told_with_its_place_its_reason_and_its_remedy(project: Project) -> None:
    path = project.write("extra", BAD)
    result = lint(path)
    assert result.exit_code == 1
    line = next(line for line in result.output.splitlines() if "[forbidden]" in line)
    assert line.startswith(f"{path}:10:5: blocker: 'extra.thank.say' says \"you have type 2 diabetes\"")
    assert "    why:  Only a clinician" in result.output
    assert "    mend: say what was measured" in result.output


def test_hints_alone_do_not_fail_and_can_be_left_out(project: Project) -> None:
    path = project.write("extra", HINT)
    assert "[unsigned]" in lint(path).output
    assert "[unsigned]" not in lint(path, "--level", "warning").output


def test_only_the_named_file_is_shown(project: Project) -> None:
    assert lint(project.dialogs / "flows/other.yaml").exit_code == 0
    assert lint(project.dialogs).exit_code == 1  # flows that everybody needs are missing


def test_json_has_every_part(project: Project) -> None:
    rows = json.loads(lint(project.write("extra", BAD), "--format", "json").output)
    [row] = [row for row in rows if row["code"] == "forbidden"]
    assert set(row) == {"code", "file", "line", "column", "level", "message", "remedy", "why"}
    assert all(row.values())


def test_github_gets_one_escaped_line_a_finding(project: Project) -> None:
    [line] = [line for line in lint(project.write("extra", BAD), "--format", "github").output.splitlines() if "forbidden" in line]
    assert line.startswith("::error file=")
    assert ",line=10,col=5,title=forbidden::" in line


def test_sarif_names_rules_and_regions(project: Project) -> None:
    log = json.loads(lint(project.write("extra", BAD), "--format", "sarif").output)
    [run] = log["runs"]
    [result] = [one for one in run["results"] if one["ruleId"] == "forbidden"]
    assert log["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "forbidden"
    assert result["level"] == "error"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 10, "startColumn": 5}


@pytest.mark.parametrize("raw", [b"\xff", b"a: [1", b"", b"- 1", b"flow: 7\nsteps: [1]", b"x" * 1_000_001, b"a: &x [1]\nb: *x"])
def test_no_file_however_bad_gives_a_traceback(project: Project, raw: bytes) -> None:
    path = project.write("extra", "")
    path.write_bytes(raw)
    result = lint(path)
    assert result.exit_code == 1
    assert f"{path}:" in result.output


def test_a_path_outside_any_dialogues_is_explained(tmp_path: Path) -> None:
    stray = tmp_path / "stray.yaml"
    stray.write_text("flow: stray", encoding="utf-8")
    result = lint(stray)
    assert result.exit_code == 1
    assert "there is no folder 'flows'" in result.output
