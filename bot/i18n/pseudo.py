"""Two made-up languages that show in a test what no real one would yet: text that no catalogue has, and text that does not fit.

``en_XA`` is English with accents and half as long again; ``ar_XB`` is English in Arabic letters, from right to left. Each text
stands in brackets, where they fit; one that is missing was cut off. English words in a message came past the catalogue.
"""

from __future__ import annotations

import re
from math import ceil
from pathlib import Path

from babel.messages.catalog import Catalog
from msgspec.json import encode

from bot.dialogue.bundle import PAGE
from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.content import Content
from bot.dialogue.graphemes import length
from bot.dialogue.tongue import Tongue
from bot.i18n.book import by_key, store, write
from bot.i18n.budget import budget_of
from bot.i18n.extract import extract

LONG, RIGHT_TO_LEFT = "en_XA", "ar_XB"
PSEUDO = (LONG, RIGHT_TO_LEFT)
OPEN, CLOSE = "⟦", "⟧"
LONGER = 1.5  # than English
NAMES = {LONG: "Long", RIGHT_TO_LEFT: "Right to left"}
_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áƀçďéƒĝĥíĵķĺɱñóƥɋřšťúṽŵẋýžÁƁÇĎÉƑĜĤÍĴĶĹṀÑÓƤɊŘŠŤÚṼŴẊÝŽ"
)
_ARABIC = str.maketrans("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "ابثدعفغهيجكلمنوپقرستۇڤصخیز" * 2)
_LETTERS = {LONG: _ACCENTED, RIGHT_TO_LEFT: _ARABIC}
_KEPT = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|https?://\S+|\*[^*\n]+\*)", re.DOTALL)  # also what people are told to type
_FIELD = re.compile(r"(\{\d\})")


def write_pseudo(content: Content, folder: Path) -> None:
    """Both languages as catalogues and pages in a folder, beside the page of English. Raises ConfigError."""
    english = content.tongues[SOURCE_LANGUAGE]
    write(folder / SOURCE_LANGUAGE / PAGE, encode(_page(english, SOURCE_LANGUAGE)))
    for language in PSEUDO:
        write(folder / language / PAGE, encode(_page(english, language)))
        store(_catalogue(content, language), folder, language)


def _catalogue(content: Content, language: str) -> Catalog:
    catalog = extract(content, language)
    for key, message in by_key(catalog).items():
        message.string = pseudo(str(message.id), language, budget_of(key, content.flows).limit)
    return catalog


def pseudo(text: str, language: str, limit: int) -> str:
    """The text in a made-up language, in brackets where they fit; the long one fills what its budget leaves."""
    said = "".join(part if number % 2 else _letters(part, language) for number, part in enumerate(_KEPT.split(text)))
    room = limit - length(said) - 2
    if room < 0:
        return said
    more = min(room, ceil(length(text) * (LONGER - 1))) if language == LONG else 0
    return f"{OPEN}{said}{('~' * more)}{CLOSE}"


def _letters(words: str, language: str) -> str:
    return words.translate(_LETTERS.get(language, {}))


def _page(english: Tongue, language: str) -> dict[str, object]:
    """A language's page as English's, in its letters."""

    def said(words: str) -> str:
        return "".join(part if part.startswith("{") else _letters(part, language) for part in _FIELD.split(words))

    page = english.file
    return {
        "name": f"{said(NAMES[language])} ({language})" if language in NAMES else english.name,
        "reads_as": SOURCE_LANGUAGE,
        "script": "Arab" if language == RIGHT_TO_LEFT else page.script,
        "day": page.day,
        "date": page.date,
        "moment": page.moment,
        "time": page.time,
        "hours": page.hours,
        "parts": {hour: said(word) for hour, word in page.parts.items()},
        "weekdays": [said(word) for word in english.weekdays],
        "months": [said(word) for word in english.months],
        "lists": {name: said(getattr(page.lists, name)) for name in ("two", "between", "last")},
    }
