"""The catalogues: counted as their language counts, and nothing in them that nobody says."""

from __future__ import annotations

from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural

from bot.dialogue.catalogue import DOMAIN
from bot.dialogue.draft import Draft
from bot.dialogue.extract import PLURALS
from bot.dialogue.finding import Finding
from bot.dialogue.lint.at_load import SYSTEM_TEXTS
from bot.dialogue.lint.rules import RULES, found


def check_translations(draft: Draft) -> Iterator[Finding]:
    keys = draft.keys
    for language, catalog in draft.catalogues.items():
        file = f"locales/{language}/LC_MESSAGES/{DOMAIN}.po"
        yield from _plurals(language, catalog, file)
        for message in catalog:
            if message.context and message.context not in keys:
                yield _at(file, message.lineno, "unused", f"nothing says '{message.context}' any more", "update the catalogue")
    for flow, file_ in draft.files.items():
        for name in file_.texts:
            if flow != "system" or name not in SYSTEM_TEXTS:
                source = draft.compilers[flow].source
                yield found(source, ("texts", name), "unused", f"nothing says the text '{name}'", "remove it")


def _plurals(language: str, catalog: Catalog, file: str) -> Iterator[Finding]:
    right = PLURALS.get(language) or get_plural(language)
    expected = right if isinstance(right, str) else f"nplurals={right.num_plurals}; plural={right.plural_expr};"
    stated = str(dict(catalog.mime_headers).get("Plural-Forms", ""))
    if _bare(stated) != _bare(expected):
        yield _at(file, 1, "plural", f"the header counts '{stated}'", f"write 'Plural-Forms: {expected}'")
    count = int(expected.split("nplurals=")[1].split(";")[0])
    for message in catalog:
        if isinstance(message.id, list | tuple):
            forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
            if len(forms) < count or not all(forms):
                name = message.context or message.id[0]
                yield _at(file, message.lineno, "plural", f"'{name}' lacks one of its {count} plural forms", "write them all")


def _bare(rule: str) -> str:
    return "".join(rule.split()).replace("(", "").replace(")", "").rstrip(";")


def _at(file: str, line: int | None, code: str, message: str, remedy: str) -> Finding:
    return Finding(code, file, line or 1, 1, message, remedy, RULES[code].level)
