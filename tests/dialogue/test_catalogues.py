"""The catalogues are complete, current, and fit the phone in every language."""

from __future__ import annotations

import pytest

from bot.dialogue.catalogue import catalogue_path, read_catalogue
from bot.dialogue.extract import CLINICAL, update
from bot.dialogue.folding import fold, placeholders
from tests.dialogue.talk import ROOT, content

LOCALES = ROOT / "locales"
OTHERS = ["hi"]


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogue_is_what_the_extractor_would_write(language: str) -> None:
    assert catalogue_path(LOCALES, language).read_text(encoding="utf-8") == update(content(), LOCALES, language)


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
