"""Would the flows' own tests notice? Each deliberate breakage of a real flow must make at least one of them fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from bot.dialogue.transcript.conversation import Stage
from bot.dialogue.transcript.library import find_tests, load_script
from bot.dialogue.transcript.play import play, runs_of
from tests.transcripts.stage import DIALOGS, LANGUAGES, stage, stage_of

BREAKAGES: list[dict[str, str]] = yaml.safe_load((Path(__file__).parent / "breakages.yaml").read_text(encoding="utf-8"))


def caught(on: Stage) -> list[str]:
    """The tests that fail, in English and by taps: the fastest run finds them."""
    scripts = [load_script(path, DIALOGS, LANGUAGES) for path in find_tests(DIALOGS)]
    runs = [(script, *run) for script in scripts for run in runs_of(script, ["en"], ["tapped"])]
    return [script.file for script, language, form in runs if play(script, on, language, form).failure]


def test_nothing_fails_when_nothing_is_broken() -> None:
    assert caught(stage()) == []


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda one: one["what"])
def test_a_breakage_is_caught(breakage: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(DIALOGS / "flows", tmp_path / "flows")
    shutil.copy(DIALOGS / "emergency.yaml", tmp_path)
    path = tmp_path / "flows" / f"{breakage['flow']}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(breakage["old"]) == 1, "the breakage no longer fits the flow"
    path.write_text(text.replace(breakage["old"], breakage["new"]), encoding="utf-8")
    assert caught(stage_of(tmp_path))
