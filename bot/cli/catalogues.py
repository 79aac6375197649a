"""What the commands of ``procare i18n`` share: the texts and catalogues of this folder, and the languages that are meant."""

from __future__ import annotations

from pathlib import Path

import click

from bot.dialogue.catalogue import SOURCE_LANGUAGE
from bot.dialogue.content import Content, load_content
from bot.errors import ConfigError
from bot.i18n.book import languages_of
from config.settings import read_settings

LANG = click.option("--lang", "wanted", multiple=True, help="Only this language; may be given several times.")


def content_here() -> tuple[Content, Path]:
    """The texts, whatever their translations are like, and the folder of the catalogues."""
    settings = read_settings()
    return load_content(settings.dialogs_dir, settings.locales_dir, languages=[SOURCE_LANGUAGE]), settings.locales_dir


def chosen_of(wanted: tuple[str, ...], locales: Path) -> list[str]:
    there = languages_of(locales) if locales.is_dir() else []
    if not there:
        raise ConfigError(f"{locales}: there are no catalogues here; run: procare i18n update LANGUAGE")
    for language in wanted:
        if language not in there:
            raise click.UsageError(f"there is no catalogue for '{language}'; there are {', '.join(there)}")
    return list(wanted) or there
