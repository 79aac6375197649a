"""A language's catalogue: brought up to date with the content, and written without ever being half there."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from msgspec import Struct

from bot.dialogue.catalogue import catalogue_path, read_catalogue
from bot.dialogue.content import Content
from bot.errors import ConfigError
from bot.i18n.extract import extract, render

TEMPLATE = "procare.pot"


class Changes(Struct, frozen=True):
    """What bringing up to date did, as keys. ``moved``: translations that followed their text to another key, as fuzzy."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    moved: tuple[str, ...]
    gone: tuple[str, ...]


def languages_of(locales: Path) -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.name for path in locales.iterdir() if catalogue_path(locales, path.name).is_file())


def by_key(catalog: Catalog) -> dict[str, Message]:
    return {message.context: message for message in catalog if message.context}


def bring_up(content: Content, locales: Path, language: str) -> tuple[Catalog, Changes]:
    """All texts with the translations we have. One whose source changed, or that moved to another key, becomes fuzzy."""
    fresh = extract(content, language)
    kept = by_key(read_catalogue(locales, language)) if catalogue_path(locales, language).exists() else {}
    new, changed, moved = [], [], []
    gone = {key: message for key, message in kept.items() if key not in content.keys}
    orphans = {message.id: message for message in gone.values() if message.string}
    for key, message in by_key(fresh).items():
        old = kept.get(key)
        if old is None or not old.string:
            orphan = orphans.get(message.id)
            if orphan is not None:
                _take_over(message, orphan, fuzzy=True)
                moved.append(key)
            elif old is None:
                new.append(key)
            continue
        differs = old.id != message.id
        _take_over(message, old, fuzzy=differs or old.fuzzy)
        if differs:
            changed.append(key)
    return fresh, Changes(tuple(new), tuple(changed), tuple(moved), tuple(sorted(gone)))


def _take_over(message: Message, old: Message, *, fuzzy: bool) -> None:
    message.string = old.string
    message.user_comments = old.user_comments
    if fuzzy:
        message.flags.add("fuzzy")


def template(content: Content) -> str:
    """The POT file: all texts, untranslated."""
    return render(extract(content, "en"), "en")


def store(catalog: Catalog, locales: Path, language: str) -> bool:
    """Write the catalogue; False when it says so already. Raises ConfigError."""
    return write(catalogue_path(locales, language), render(catalog, language))


def write(path: Path, content: str | bytes) -> bool:
    """Write a whole file or leave the old one; False when it says so already. Raises ConfigError."""
    raw = content.encode() if isinstance(content, str) else content
    try:
        if path.exists() and path.read_bytes() == raw:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(raw)
        beside.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror}); check the folder and its rights") from error
    return True
