"""The content files hold together."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.understanding.language_file import read_language
from bot.understanding.lexicon import Lexicon
from bot.understanding.lint import contradictions, missing, unknown_to_rules, unreachable
from bot.understanding.reader import Reader

LANGUAGES = ["as", "bn", "de", "en", "es", "fr", "gu", "hi", "kn", "ml", "mr", "or", "pa", "pt", "ta", "te", "ur"]


def test_every_language_of_the_issue_has_a_file(reader: Reader) -> None:
    assert sorted(reader.lexicon.files) == LANGUAGES


def test_no_word_contradicts_itself(reader: Reader) -> None:
    assert contradictions(list(reader.lexicon.files.values())) == []


def test_no_language_lacks_a_needed_concept(reader: Reader) -> None:
    assert missing(list(reader.lexicon.files.values())) == []


def test_rules_ask_only_for_concepts_some_language_says(reader: Reader) -> None:
    assert unknown_to_rules(reader.lexicon, reader.alarms, reader.intents) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_says_its_concept(reader: Reader, language: str) -> None:
    assert unreachable(reader.lexicon, reader.lexicon.files[language]) == []


def test_a_contradiction_is_found(tmp_path: Path) -> None:
    (tmp_path / "xx.yaml").write_text(
        "{language: xx, name: X, scripts: [Latn], confidence: L, reviewer: null, date: 2026-11-24,"
        " concepts: {yes_word: 'ja, eh', no_word: eh}}"
    )
    assert contradictions(list(Lexicon.load(tmp_path).files.values())) == ["xx: 'eh' says both yes_word and no_word"]


def test_a_malformed_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "xx.yaml"
    path.write_text("{language: xx}")
    with pytest.raises(ConfigError, match=r"xx\.yaml"):
        read_language(path)
