"""The flows' own conversation tests (dialogs/tests), each in every language and form of answering."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue.speaking import ROWS
from bot.dialogue.transcript.library import coverage, find_tests, load_script
from bot.dialogue.transcript.play import play, runs_of
from bot.dialogue.transcript.script import FORMS
from tests.transcripts.stage import DIALOGS, LANGUAGES, stage

SECOND_PAGE = ("'turn_page'", "'more_languages'", "'next.0' of 'choose'", "'next.0' of 'ask_language'", "'next.0' of 'begin'")
RUNS = [
    pytest.param(path, language, form, id=f"{path.stem}-{language}-{form}")
    for path in find_tests(DIALOGS)
    for language, form in runs_of(load_script(path, DIALOGS, LANGUAGES), LANGUAGES, FORMS)
]


@pytest.mark.parametrize(("path", "language", "form"), RUNS)
def test_a_conversation_goes_as_written(path: Path, language: str, form: str) -> None:
    if failure := play(load_script(path, DIALOGS, LANGUAGES), stage(), language, form).failure:
        pytest.fail(str(failure), pytrace=False)


def test_every_step_and_every_way_of_every_flow_is_gone_through() -> None:
    for path in find_tests(DIALOGS):
        script = load_script(path, DIALOGS, LANGUAGES)
        # By taps where a test knows that form: the other forms go the same ways.
        for language, form in list(runs_of(script, LANGUAGES, ("tapped",))) or runs_of(script, LANGUAGES, FORMS):
            play(script, stage(), language, form)
    few = len(LANGUAGES) <= ROWS + 1  # then no list of languages has a second page
    missed = [str(one) for flow in coverage(stage(), DIALOGS) for one in flow.missed]
    missed = [one for one in missed if not (few and any(step in one for step in SECOND_PAGE))]
    assert not missed, "\n".join(missed)
