"""The headers of catalogues count as CLDR does, in every language."""

from __future__ import annotations

import gettext

import pytest
from babel import Locale
from babel.plural import PluralRule

from bot.dialogue.catalogue import read_book, read_bytes
from bot.dialogue.plurals import LOOKED_AT, counts_alike, plural_header
from bot.i18n.book import languages_of
from tests.dialogue.speakers import ALL, LOCALES
from tests.dialogue.talk import policy


def counts_as(header: str, rule: PluralRule) -> bool:
    """The header puts every whole number into the form that CLDR's rule names."""
    form = gettext.c2py(header.split("plural=", 1)[1].rstrip("; "))
    names = [*rule.tags, "other"] if "other" not in rule.tags else list(rule.tags)
    order = [name for name in ("zero", "one", "two", "few", "many", "other") if name in names]
    return all(order[form(number)] == rule(number) for number in LOOKED_AT)


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
