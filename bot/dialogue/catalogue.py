"""Translations: PO files read once into plain dictionaries. A turn never parses."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po

from bot.dialogue.finding import Finding, Unreadable

DOMAIN = "procare"
SOURCE_LANGUAGE = "en"
LIMIT = 5_000_000


def catalogue_path(locales: Path, language: str) -> Path:
    return locales / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(locales: Path, language: str) -> Catalog:
    """The PO file of one language. Raises Unreadable."""
    path = catalogue_path(locales, language)
    name = f"locales/{path.relative_to(locales)}"
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            [Finding("po", name, 1, 1, f"the catalogue cannot be read ({error.strerror})", "extract it first")]
        ) from error
    return parse_catalogue(raw, name, language)


def parse_catalogue(raw: bytes, name: str, language: str) -> Catalog:
    """The bytes of a PO file. Raises Unreadable."""
    if len(raw) > LIMIT:
        raise Unreadable([Finding("po", name, 1, 1, "the catalogue is larger than 5 MB", "split the content")])
    try:
        return read_po(BytesIO(raw), locale=language, domain=DOMAIN, abort_invalid=True)
    except (PoFileError, ValueError, UnicodeDecodeError) as error:
        line = getattr(error, "lineno", None) or 1
        raise Unreadable([Finding("po", name, line, 1, f"the catalogue cannot be parsed: {error}", "mend that line")]) from error


def translations_of(catalog: Catalog) -> dict[str, tuple[str, str]]:
    """Key -> (source, translation), of what is translated, current and not fuzzy."""
    found: dict[str, tuple[str, str]] = {}
    for message in catalog:
        if (
            message.context
            and message.string
            and not message.fuzzy
            and isinstance(message.id, str)
            and isinstance(message.string, str)
        ):
            found[message.context] = (message.id, message.string)
    return found
