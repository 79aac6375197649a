"""Would the flows' own tests notice? Each deliberate breakage of a real flow must make at least one of them fail."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from bot.dialogue.transcript.conversation import Stage
from bot.dialogue.transcript.library import find_tests, load_script
from bot.dialogue.transcript.play import play, runs_of
from bot.dialogue.transcript.script import Script
from tests.transcripts.stage import DIALOGS, LANGUAGES, stage, stage_of

BREAKAGES: list[dict[str, str]] = yaml.safe_load((Path(__file__).parent / "breakages.yaml").read_text(encoding="utf-8"))

OF_MANY_LANGUAGES = {
    "consent_not_said.yaml",
    "decimals.yaml",
    "language_before_consent.yaml",
    "offer_language.yaml",
    "reminder_in_own_words.yaml",
}
"""They need languages that the stage of these tests does not have."""


@cache
def scripts() -> list[tuple[str, Script]]:
    """Every conversation test with its text."""
    found = [path for path in find_tests(DIALOGS) if path.name not in OF_MANY_LANGUAGES]
    return [(path.read_text(encoding="utf-8"), load_script(path, DIALOGS, LANGUAGES)) for path in found]


def caught(on: Stage, flow: str = "") -> Iterator[str]:
    """The tests that fail, in English and by taps (the fastest run finds them); those that speak of ``flow`` first."""
    for _, script in sorted(scripts(), key=lambda one: f"{flow}." not in one[0]):
        for language, form in runs_of(script, ["en"], ["tapped"]):
            if play(script, on, language, form).failure:
                yield script.file


def test_nothing_fails_when_nothing_is_broken() -> None:
    assert list(caught(stage())) == []


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda one: one["what"])
def test_a_breakage_is_caught(breakage: dict[str, str], tmp_path: Path) -> None:
    shutil.copytree(DIALOGS / "flows", tmp_path / "flows")
    shutil.copy(DIALOGS / "emergency.yaml", tmp_path)
    path = tmp_path / "flows" / f"{breakage['flow']}.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(breakage["old"]) == 1, "the breakage no longer fits the flow"
    path.write_text(text.replace(breakage["old"], breakage["new"]), encoding="utf-8")
    assert next(caught(stage_of(tmp_path, ["en"]), breakage["flow"]), None) is not None
