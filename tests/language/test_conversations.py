"""The conversations about the small flows, in every form of answering."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.transcript.conversation import Stage
from bot.dialogue.transcript.library import load_script
from bot.dialogue.transcript.play import play, runs_of
from bot.dialogue.transcript.script import FORMS

HERE = Path(__file__).parent
LANGUAGES = ("en",)
RUNS = [
    pytest.param(path, form, id=f"{path.stem}-{form}")
    for path in sorted((HERE / "conversations").glob("*.yaml"))
    for _, form in runs_of(load_script(path, HERE, LANGUAGES), LANGUAGES, FORMS)
]


@pytest.mark.parametrize(("path", "form"), RUNS)
def test_a_conversation_goes_as_written(stage: Stage, path: Path, form: str) -> None:
    if failure := play(load_script(path, HERE, LANGUAGES), stage, "en", form).failure:
        pytest.fail(str(failure), pytrace=False)
