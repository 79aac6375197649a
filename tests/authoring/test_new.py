"""A new flow is clean from its first minute, and says so when it is translated."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli.dialogs import dialogs
from bot.cli.dialogs_test import dialogs_test
from bot.dialogue.content import load_content
from tests.authoring.project import ROOT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for room in ("dialogs", "locales"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("eval"))
    monkeypatch.setenv("PROCARE_DIALOGS_DIR", str(tmp_path / "dialogs"))
    monkeypatch.setenv("PROCARE_LOCALES_DIR", str(tmp_path / "locales"))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(dialogs, list(arguments), catch_exceptions=False)


def test_a_new_flow_lints_clean_and_loads(folder: Path) -> None:
    assert run("new", "evening_walk").exit_code == 0
    path = folder / "dialogs/flows/evening_walk.yaml"
    assert run("lint", str(path)).output == "nothing found\n"
    loaded = load_content(folder / "dialogs", folder / "locales", languages=["en", "hi"])
    assert loaded.by_intent["evening_walk"] == "evening_walk"


def test_its_test_passes(folder: Path) -> None:
    path = folder / "dialogs/tests/evening_walk.yaml"
    assert run("new", "evening_walk", "--intent", "practice", "--words", "a practice walk").exit_code == 0
    result = CliRunner().invoke(dialogs_test, [str(path)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert result.output


def test_nothing_is_overwritten(folder: Path) -> None:
    before = (folder / "dialogs/flows/menu.yaml").read_bytes()
    result = run("new", "menu")
    assert result.exit_code == 1
    assert "is there already" in result.output
    assert (folder / "dialogs/flows/menu.yaml").read_bytes() == before


@pytest.mark.parametrize("name", ["Walk", "../walk", "end", "a b", "", "1st"])
def test_a_bad_name_is_explained(folder: Path, name: str) -> None:
    result = run("new", name)
    assert result.exit_code == 1
    assert "is no name" in result.output
    assert not list(folder.glob("*.yaml"))
