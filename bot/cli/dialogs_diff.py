"""``procare dialogs diff A B``: what two versions differ in, as an author means it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
import msgspec

from bot import logs
from bot.app.engines import open_desk
from bot.cli.dialogs import folders
from bot.dialogue.bundle import Bundle, read_bundle
from bot.dialogue.diff.compare import compare
from bot.dialogue.diff.telling import tell
from bot.dialogue.draft import draft_of
from bot.errors import ConfigError
from bot.publishing import read_version, version_named
from config.policy import load_policy
from config.settings import read_settings


@click.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it.")
def dialogs_diff(before: str, after: str, form: str) -> None:
    """What AFTER says and does otherwise than BEFORE.

    Each is 'current', a published version (its first letters are enough) or a folder of dialogues: current dialogs"""
    languages = load_policy().behaviour.languages
    old, new = _read((before, after), languages)
    diffs = compare(draft_of(old, languages), draft_of(new, languages))
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(diffs), indent=2).decode())
    else:
        click.echo(tell(diffs))


def _read(names: tuple[str, ...], languages: tuple[str, ...]) -> list[Bundle]:
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
