"""The catalogues: counted as their language counts, and nothing in them that nobody says."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.catalogue import DOMAIN, Book
from bot.dialogue.draft import Draft
from bot.dialogue.lint.rules import RULES, found
from bot.dialogue.lint.together import SYSTEM_TEXTS
from bot.dialogue.plurals import counts_alike, plural_header
from bot.handwritten.finding import Finding


def check_translations(draft: Draft) -> Iterator[Finding]:
    keys = draft.keys
    for language, book in draft.books.items():
        file = f"locales/{language}/LC_MESSAGES/{DOMAIN}.po"
        yield from _plurals(language, book, file)
        for entry in book.entries:
            if entry.key not in keys:
                yield _at(file, entry.line, "unused", f"nothing says '{entry.key}' any more", "update the catalogue")
    for flow, file_ in draft.files.items():
        if not file_.steps and flow != "system":
            continue  # an agent writes them on what it makes, and checks for itself that it has all it needs
        for name in file_.texts:
            if flow != "system" or name not in SYSTEM_TEXTS:
                source = draft.compilers[flow].source
                yield found(source, ("texts", name), "unused", f"nothing says the text '{name}'", "remove it")


def _plurals(language: str, book: Book, file: str) -> Iterator[Finding]:
    expected = plural_header(language)
    if not counts_alike(book.plural_forms, expected):
        yield _at(file, 1, "plural", f"the header counts '{book.plural_forms}'", f"write 'Plural-Forms: {expected}'")
    for name, line in book.lacking:
        yield _at(file, line, "plural", f"'{name}' lacks one of its plural forms", "write them all")


def _at(file: str, line: int, code: str, message: str, remedy: str) -> Finding:
    return Finding(code, file, line, 1, message, remedy, RULES[code].level)
