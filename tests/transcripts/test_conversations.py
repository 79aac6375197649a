"""The flows' own conversation tests (dialogs/tests), each in every language and form of answering."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from bot.dialogue.transcript import conversation
from bot.dialogue.transcript.conversation import SIZE
from bot.dialogue.transcript.library import coverage, find_tests, load_script
from bot.dialogue.transcript.play import every_day, play, runs_of
from bot.dialogue.transcript.script import FORMS, Script
from tests.transcripts.stage import DIALOGS, LANGUAGES, TRANSLATED, stage_in_all

# With few languages no list of them has a second page; tests/dialogue/test_languages.py goes through it with all.
SECOND_PAGE = ("'turn_page'", "'more_languages'", "'next.0' of 'choose'", "'next.0' of 'ask_language'", "'next.0' of 'begin'")


@cache
def script_in(path: Path) -> Script:
    return load_script(path, DIALOGS, TRANSLATED)


RUNS = {path: every_day(script_in(path), TRANSLATED) for path in find_tests(DIALOGS)}
NORMAL = 2048  # bytes of a session's JSON in normal use
NORMALLY = {(language, form) for language in LANGUAGES for form in ("tapped", "label")}


@pytest.mark.parametrize("path", RUNS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_written_in_every_language_and_its_session_stays_small(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = []
    for language, form in RUNS[path]:
        monkeypatch.setattr(conversation, "SIZE", NORMAL if (language, form) in NORMALLY else SIZE)
        if failure := play(script_in(path), stage_in_all(), language, form).failure:
            failures.append(str(failure))
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)


@pytest.mark.parametrize("language", ["ta", "as"])
def test_no_keep_it_in_an_options_very_words_is_an_answer_and_no_correction(language: str) -> None:
    script = script_in(DIALOGS / "tests/appointment_cancel.yaml")
    assert play(script, stage_in_all(), language, "typed").failure is None


def test_every_step_and_every_way_of_every_flow_is_gone_through() -> None:
    for path in find_tests(DIALOGS):
        script = script_in(path)
        # By taps where a test knows that form: the other forms go the same ways.
        for language, form in list(runs_of(script, LANGUAGES, ("tapped",))) or runs_of(script, LANGUAGES, FORMS):
            play(script, stage_in_all(), language, form)
    missed = [str(one) for flow in coverage(stage_in_all(), DIALOGS) for one in flow.missed]
    missed = [one for one in missed if not any(step in one for step in SECOND_PAGE)]
    assert not missed, "\n".join(missed)


def test_over_all_tests_every_language_is_played_in_every_form() -> None:
    played = {pair for pairs in RUNS.values() for pair in pairs}
    assert played == {(language, form) for language in TRANSLATED for form in FORMS}
    counts = {language: sum(language in dict(pairs) for pairs in RUNS.values()) for language in TRANSLATED}
    assert min(counts.values()) >= len(RUNS) - 30  # a few are of one language alone
