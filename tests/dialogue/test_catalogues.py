"""The catalogues are complete, current, and fit the phone in every language."""

from __future__ import annotations

import pytest

from bot.dialogue.catalogue import catalogue_path, read_catalogue
from bot.dialogue.folding import fold, placeholders
from bot.i18n.book import bring_up, languages_of
from bot.i18n.extract import render
from bot.i18n.notes import CLINICAL
from tests.dialogue.talk import ROOT, content

LOCALES = ROOT / "locales"
OTHERS = ["hi"]


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_is_what_the_extractor_would_write(language: str) -> None:
    brought_up = render(bring_up(content(), LOCALES, language)[0], language)
    assert catalogue_path(LOCALES, language).read_text(encoding="utf-8") == brought_up


def test_every_catalogue_has_the_present_sources_and_notes() -> None:
    """Run 'procare i18n update' after a change of the content."""
    present = _without_translations("hi")
    for language in languages_of(LOCALES):
        assert _without_translations(language) == present, language


def _without_translations(language: str) -> list[str]:
    entries = catalogue_path(LOCALES, language).read_text(encoding="utf-8").split("\n\n")[1:]
    ours = [one.partition("\nmsgstr")[0].splitlines() for one in entries]
    return ["\n".join(line for line in lines if not line.startswith(("# ", "#,"))) for lines in ours]


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_and_nothing_else_is_there(language: str) -> None:
    catalog = read_catalogue(LOCALES, language)
    messages = {message.context: message for message in catalog if message.context}
    assert set(messages) == set(content().keys)
    assert not catalog.obsolete
    for key, message in messages.items():
        written = content().keys[key]
        assert message.string, key
        assert not message.fuzzy, key
        assert message.id == written.source, key
        assert placeholders(str(message.string)) == placeholders(written.source), key
        assert (CLINICAL in message.auto_comments) is written.clinical, key


@pytest.mark.parametrize("language", ["en", *OTHERS])
def test_labels_fit_and_differ(language: str) -> None:
    for flow in content().flows.values():
        for step in flow.steps.values():
            labels = [choice.label.render(language, {}) for choice in step.choices]
            assert len(labels) <= 10, step.path
            assert all(0 < len(label) <= 24 for label in labels), (step.path, labels)
            assert len({fold(label) for label in labels}) == len(labels), step.path
            for text in (step.menu_label,):
                assert text is None or len(text.render(language, {})) <= 20, step.path


def test_typed_words_of_a_question_mean_one_option_only() -> None:
    for flow in content().flows.values():
        for step in flow.steps.values():
            words = [word for choice in step.choices for word in choice.words]
            assert len(words) == len(set(words)), (step.path, sorted(words))
