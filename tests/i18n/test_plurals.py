"""The headers of catalogues count as CLDR does, in every language."""

from __future__ import annotations

import pytest
from babel import Locale

from bot.dialogue.catalogue import read_book, read_bytes
from bot.dialogue.plurals import counts_alike, counts_as, plural_header
from bot.i18n.book import languages_of
from tests.dialogue.speakers import ALL, LOCALES
from tests.dialogue.talk import policy


@pytest.mark.parametrize("language", [*ALL, "ar", "pl", "cy", "ja"])
def test_our_header_is_what_cldr_says(language: str) -> None:
    assert counts_as(plural_header(language), Locale.parse(language).plural_form)


def test_the_test_sees_the_rule_of_gettext_for_hindi() -> None:
    assert not counts_as("nplurals=2; plural=(n != 1);", Locale.parse("hi").plural_form)
    assert not counts_alike("nplurals=2; plural=(n != 1);", plural_header("hi"))
    assert not counts_alike("no header", plural_header("hi"))


@pytest.mark.parametrize("language", sorted({*policy().behaviour.languages} & {*languages_of(LOCALES)}))
def test_every_catalogue_says_so(language: str) -> None:
    book = read_book(read_bytes(LOCALES, language), language)
    assert counts_as(book.plural_forms, Locale.parse(language).plural_form)
