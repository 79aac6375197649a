"""A bundle by what people call it: a folder of dialogues, a published version, or ``current``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import click

from bot import logs
from bot.app.desks import open_desk
from bot.cli.dialogs import folders
from bot.dialogue.bundle import Bundle, read_bundle
from bot.errors import ConfigError
from bot.published.publishing import read_version, version_named
from config.settings import read_settings


def bundles_named(names: Sequence[str], languages: Sequence[str]) -> list[Bundle]:
    """In the order of the names. Raises ConfigError for one that is not there; what cannot be read of a folder is told."""
    found: dict[str, Bundle] = {}
    for name in names:
        if Path(name).is_dir():
            dialogs, locales = folders(Path(name))
            found[name] = read_bundle(dialogs, locales, languages=languages)
            for finding in found[name].findings:
                click.echo(str(finding), err=True)
    if published := set(names) - set(found):
        found |= asyncio.run(_fetch(published))
    return [found[name] for name in names]


async def _fetch(names: set[str]) -> dict[str, Bundle]:
    logs.set_up("ERROR")
    found: dict[str, Bundle] = {}
    async with open_desk(read_settings()) as desk:
        for name in names:
            version = await version_named(desk.bundles, name)
            bundle = await read_version(desk.bundles, version)
            if bundle is None:
                raise ConfigError(f"the version {version} is gone", code="no_such_version")
            found[name] = bundle
    return found
