"""A session stays small: under 2 KB in every conversation that the tests hold, and bounded whatever comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.transcript import conversation
from bot.dialogue.transcript.conversation import Stage
from bot.dialogue.transcript.library import find_tests, load_script
from bot.dialogue.transcript.play import play, runs_of
from tests.transcripts.stage import DIALOGS, LANGUAGES
from tests.transcripts.stage import stage as product

HERE = Path(__file__).parent
NORMAL = 2048


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "SIZE", NORMAL)


@pytest.mark.parametrize("path", sorted((HERE / "conversations").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_session_of_the_small_flows_stays_under_2_kb(stage: Stage, path: Path) -> None:
    assert play(load_script(path, HERE, ("en",)), stage, "en", "tapped").failure is None


@pytest.mark.parametrize("path", find_tests(DIALOGS), ids=lambda path: path.stem)
def test_a_session_of_the_product_stays_under_2_kb(path: Path) -> None:
    script = load_script(path, DIALOGS, LANGUAGES)
    for language, form in runs_of(script, LANGUAGES, ("tapped", "label")):
        assert play(script, product(), language, form).failure is None
