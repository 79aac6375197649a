"""The made-up languages: what we say stands in a catalogue, and fits; and the tests would tell if it did not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner
from msgspec import structs

from bot.cli.i18n import i18n
from bot.dialogue.calendar import days
from bot.dialogue.expression import Template
from bot.dialogue.graphemes import length
from bot.dialogue.heard import Heard
from bot.dialogue.text import Text
from bot.dialogue.tongue import is_rtl
from bot.dialogue.transcript.conversation import NOON, Stage
from bot.dialogue.transcript.library import find_tests, load_script, load_stage
from bot.i18n.pseudo import CLOSE, LONG, OPEN, PSEUDO, RIGHT_TO_LEFT, pseudo
from bot.model.inbound import Inbound
from bot.model.locales import babel_locale
from bot.understanding.meaning import Context
from config.policy import load_policy
from tests.i18n.pseudo_play import leaks
from tests.reading import our_reader
from tests.transcripts.stage import DIALOGS, policy

EACH = 12  # of the conversation tests, so many are played: a sample; "procare dialogs test" plays them all


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder = tmp_path_factory.mktemp("pseudo")
    run = CliRunner().invoke(i18n, ["pseudo", str(folder)])
    assert run.exit_code == 0, run.output
    assert f"PROCARE_LOCALES_DIR={folder} PROCARE_LANGUAGES=en,en_XA,ar_XB procare serve" in run.output
    return load_stage(DIALOGS, folder, ("en", *PSEUDO), policy(), our_reader().understand)


def found(stage: Stage, paths: list[Path]) -> Iterator[str]:
    for path in paths:
        script = load_script(path, DIALOGS, ("en", *PSEUDO))
        for language in PSEUDO:
            yield from leaks(script, stage, language, path.read_text(encoding="utf-8"))


def test_no_conversation_says_english_or_is_cut_off_in_a_made_up_language(made_up: Stage) -> None:
    every = [path for path in find_tests(DIALOGS) if "\nlanguages:" not in path.read_text(encoding="utf-8")]
    assert list(found(made_up, every[::EACH])) == []
    assert made_up.content.tongues[RIGHT_TO_LEFT].rtl


def test_text_past_the_catalogue_and_text_that_is_cut_are_found(made_up: Stage) -> None:
    one = [DIALOGS / "tests/activity.yaml"]
    assert list(found(made_up, one)) == []
    english = _with(made_up, "thank", lambda text: "Noted by hand")
    assert any("English in a translated message: Noted hand" in told for told in found(english, one))
    cut = _with(made_up, "thank", lambda text: text[:-1])
    assert any("a message was cut off" in told for told in found(cut, one))


def _with(stage: Stage, step: str, change: Callable[[str], str]) -> Stage:
    """The stage with other words in one step, as if code had written them."""
    flow = stage.content.flows["activity"]
    said = flow.steps[step].say
    assert said is not None

    def other(template: Template) -> Template:
        return lambda values: change(template(values))

    wordings = [
        structs.replace(one, templates={language: other(own) for language, own in one.templates.items()}) for one in said.wordings
    ]
    steps = {**flow.steps, step: structs.replace(flow.steps[step], say=Text(tuple(wordings)))}
    flows = {**stage.content.flows, flow.name: replace(flow, steps=steps)}
    return structs.replace(stage, content=replace(stage.content, flows=flows))


def test_a_label_fills_its_budget_and_no_more() -> None:
    for text in ("No", "Log a sugar reading", "Exactly twenty chars"):
        assert length(pseudo(text, LONG, 20)) <= 20
    assert pseudo("A {{ name }} *menu*", RIGHT_TO_LEFT, 100) == f"{OPEN}ا {{{{ name }}}} *menu*{CLOSE}"
    assert pseudo("Hello", LONG, 100) == f"{OPEN}Ĥéĺĺó~~~{CLOSE}"


def test_a_country_that_nobody_knows_leaves_the_language_its_direction_and_its_months() -> None:
    assert (babel_locale("ar_XB").language, is_rtl("ar_XB"), babel_locale("xx_YY").language) == ("ar", True, "en")
    meaning = our_reader().understand("12 November", Context(language="en", now=NOON, zone="UTC"))
    told = Heard(cast(Inbound, None), meaning, "12 November", NOON, "UTC", LONG)
    assert days(told, "past") == ["2025-11-12"]


def test_languages_can_be_tried_out_without_a_change_of_the_policy() -> None:
    assert load_policy(languages="en, ta").behaviour.languages == ("en", "ta")
    assert load_policy().behaviour.languages == policy().behaviour.languages
