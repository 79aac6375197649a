"""Translations: PO files read once into plain dictionaries. A turn never parses."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po
from msgspec import Struct

from bot.dialogue.po import Entry, Plain, read_plain
from bot.handwritten.finding import Finding, Unreadable

DOMAIN = "procare"
SOURCE_LANGUAGE = "en"
LIMIT = 20_000_000  # bytes; 800 flows of 40 steps


class Book(Struct, frozen=True):
    """A language's texts as its file has them. ``lacking`` are those without all of their plural forms, by key and line."""

    entries: list[Entry]
    plural_forms: str
    lacking: tuple[tuple[str, int], ...] = ()


def catalogue_path(locales: Path, language: str) -> Path:
    return locales / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(locales: Path, language: str) -> Catalog:
    """The PO file of one language, for those who change it. Raises Unreadable."""
    return parse_catalogue(read_bytes(locales, language), language)


def read_bytes(locales: Path, language: str) -> bytes:
    """The bytes of a language's PO file. Raises Unreadable."""
    try:
        with catalogue_path(locales, language).open("rb") as file:
            raw = file.read(LIMIT + 1)
    except OSError as error:
        raise _unreadable(language, 1, f"the catalogue cannot be read ({error.strerror})", "extract it first") from error
    return _bounded(raw, language)


def _bounded(raw: bytes, language: str) -> bytes:
    if len(raw) > LIMIT:
        raise _unreadable(language, 1, f"the catalogue is larger than {LIMIT // 1_000_000} MB", "split the content")
    return raw


def read_book(raw: bytes, language: str) -> Book:
    """What the bytes of a PO file say. Raises Unreadable."""
    try:
        plain = read_plain(_bounded(raw, language).decode("utf-8"))
    except UnicodeDecodeError:
        plain = None  # Babel knows the header's character set, or tells what is wrong
    if isinstance(plain, Plain):
        return Book(plain.entries, plain.plural_forms)
    catalog = parse_catalogue(raw, language)
    entries = [
        Entry(message.context, message.id, str(message.string or ""), message.fuzzy, _line(message))
        for message in catalog
        if message.context and isinstance(message.id, str)
    ]
    forms = str(dict(catalog.mime_headers).get("Plural-Forms", ""))
    return Book(entries, forms, tuple(_lacking(catalog)))


def _lacking(catalog: Catalog) -> Iterable[tuple[str, int]]:
    for message in catalog:
        if isinstance(message.id, list | tuple):
            forms = message.string if isinstance(message.string, list | tuple) else (message.string,)
            if len(forms) < catalog.num_plurals or not all(forms):
                yield message.context or message.id[0], _line(message)


def _line(message: Message) -> int:
    return message.lineno or 1


def translations_of(book: Book) -> dict[str, tuple[str, str]]:
    """Key -> (source, translation), of what is translated, current and not fuzzy."""
    return {one.key: (one.source, one.text) for one in book.entries if one.text and not one.fuzzy}


def parse_catalogue(raw: bytes, language: str) -> Catalog:
    """All that the bytes of a PO file say, with comments. Slow. Raises Unreadable."""
    try:
        return read_po(BytesIO(raw), locale=language, domain=DOMAIN, abort_invalid=True)
    except (PoFileError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", None) or 1
        raise _unreadable(language, line, f"the catalogue cannot be parsed: {error}", "mend that line") from error


def _unreadable(language: str, line: int, message: str, remedy: str) -> Unreadable:
    return Unreadable([Finding("po", f"locales/{language}/LC_MESSAGES/{DOMAIN}.po", line, 1, message, remedy)])
