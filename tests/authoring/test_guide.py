"""The new author's half hour, as it is written: every file and every command of the guide, in order, in a copy of the project."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from bot.cli.dialogs import dialogs
from bot.cli.main import commands
from tests.authoring.project import ROOT

GUIDE = (ROOT / "docs/authoring.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(console|yaml file=(\S+))\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for room in ("dialogs", "locales", "docs"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("eval"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROCARE_DIALOGS_DIR", "dialogs")
    monkeypatch.setenv("PROCARE_LOCALES_DIR", "locales")
    return tmp_path


def run(line: str) -> Result:
    program, *arguments = shlex.split(line)
    assert program == "procare"
    return CliRunner().invoke(commands, arguments, catch_exceptions=False)


def test_the_guide_can_be_followed(copy: Path) -> None:
    played = []
    for kind, file, text in BLOCKS:
        if kind != "console":
            (copy / file).write_text(text, encoding="utf-8")
            continue
        for part in text.split("$ ")[1:]:
            line, _, promised = part.partition("\n")
            result = run(line)
            assert result.exit_code == 0, (line, result.output)
            assert not promised or result.output == promised, line
            played.append((line, result.output))
    outputs = dict(reversed(played))  # of a repeated command the first
    found = set(re.findall(r"\[(\w+)\]$", outputs["procare dialogs lint dialogs/flows/evening_walk.yaml"], re.MULTILINE))
    assert found == {"unit", "empty_variable", "translation"}  # the three things that the guide speaks of
    assert (copy / "evening_walk.svg").read_text(encoding="utf-8").startswith("<svg")
    assert len(played) == 21


def test_every_command_of_the_group_is_in_the_guide() -> None:
    for name in dialogs.list_commands(click.Context(dialogs)):
        assert re.search(rf"^\$ procare dialogs {name}( |$)", GUIDE, re.MULTILINE), name
