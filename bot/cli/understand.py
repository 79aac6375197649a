"""``procare understand``: what a message means, as JSON; with ``--explain`` the reasons in words; with ``--jsonl`` many lines."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import click
import msgspec

from bot.adapters.lexicon_copy import load_index
from bot.cli.content import CONTENT
from bot.understanding.explain import reasons
from bot.understanding.meaning import Context
from bot.understanding.reader import Reader
from bot.understanding.wire import line
from config.policy import FOLDER
from config.settings import read_settings

LONGEST_LINE = 200_000  # characters of one line of --jsonl


@click.command()
@click.argument("text", required=False)
@click.option("--lang", help="The person's language, as a hint: never a filter.")
@click.option("--explain", is_flag=True, help="Print the reasons in words after the JSON.")
@click.option(
    "--jsonl", is_flag=True, help='Read lines {"id","text","lang"?} on standard input, write one line of JSON for each, in order.'
)
@click.option("--expects", help="Type of a pending question (glucose, blood_pressure, ...).")
@CONTENT
def understand(text: str | None, lang: str | None, explain: bool, jsonl: bool, expects: str | None, content: Path) -> None:
    """What TEXT means: urgency, category, intent, readings, times, language and script."""
    if jsonl == (text is not None):
        raise click.UsageError("Give a TEXT, or --jsonl and lines on standard input.")
    words = content / "lexicon"
    reader = Reader.load(words, FOLDER / "readings.yaml", load_index(words, read_settings().data_dir / "cache"))
    if jsonl:
        for number, raw in enumerate(sys.stdin, 1):
            if raw.strip():
                click.echo(_answer(reader, raw, number, lang))
        return
    context = Context(language=lang, expects=expects, now=time.time())
    meaning = reader.understand(text or "", context)
    click.echo(json.dumps(msgspec.to_builtins(meaning), ensure_ascii=False, indent=2))
    if explain:
        click.echo("\n".join(reasons(reader, text or "", meaning, context)))


def _answer(reader: Reader, raw: str, number: int, lang: str | None) -> str:
    try:
        entry: Any = json.loads(raw[:LONGEST_LINE])
        message_id, text = entry["id"], entry["text"]
    except (ValueError, TypeError, KeyError) as error:
        raise click.ClickException(f'line {number}: expected {{"id", "text", "lang"?}}') from error
    if not isinstance(text, str):
        raise click.ClickException(f'line {number}: "text" must be a string')
    meaning = reader.understand(text, Context(language=entry.get("lang") or lang, now=time.time()))
    return json.dumps(line(message_id, meaning), ensure_ascii=False)
