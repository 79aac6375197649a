"""``procare dialogs diff A B``: what two versions differ in, as an author means it."""

from __future__ import annotations

import click
import msgspec

from bot.cli.bundle_named import bundles_named
from bot.dialogue.diff.compare import compare
from bot.dialogue.diff.telling import tell
from bot.dialogue.draft import draft_of
from config.policy import load_policy


@click.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print it.")
def dialogs_diff(before: str, after: str, form: str) -> None:
    """What AFTER says and does otherwise than BEFORE.

    Each is 'current', a published version (its first letters are enough) or a folder of dialogues: current dialogs"""
    languages = load_policy().behaviour.languages
    old, new = bundles_named((before, after), languages)
    diffs = compare(draft_of(old, languages), draft_of(new, languages))
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(diffs), indent=2).decode())
    else:
        click.echo(tell(diffs))
