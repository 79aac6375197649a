"""``procare chat --record``: plays the chat again with the real agents and writes it down as a conversation test."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from agents.registry import make_agents
from bot.adapters.lexicon_copy import load_index
from bot.adapters.sqlite import SqliteStore
from bot.app.words import load_engagement_words
from bot.cli.dialogs import folders
from bot.dialogue.transcript.library import load_stage
from bot.dialogue.transcript.record import Heard, record
from bot.errors import BotError
from bot.model.effects import Intent
from bot.understanding.reader import Reader
from config.policy import FOLDER, load_policy
from config.settings import read_settings


def write_test(path: Path, chat: Sequence[Heard], *, title: str, known: bool) -> None:
    """Write the test and tell how to play it, and what in it is not as in the chat."""
    if not chat:
        click.echo("nothing was said, so nothing was recorded")
        return
    settings, policy = read_settings(), load_policy()
    dialogs, locales = folders(None)
    words = settings.dialogs_dir / "lexicon"
    reader = Reader.load(words, FOLDER / "readings.yaml", load_index(words, settings.data_dir / "cache"))
    stage = load_stage(dialogs, locales, policy.behaviour.languages, policy, reader.understand)
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        opened = SqliteStore.open(Path(folder) / "record.sqlite")
        agents = make_agents(
            runner.run(opened.__aenter__()), policy, dialogs=settings.dialogs_dir, words=load_engagement_words(settings, policy)
        )

        def answer(intent: Intent, now: float) -> tuple[str, dict[str, Any]]:
            if intent.agent not in agents:
                return "unavailable", {}
            try:
                result = runner.run(agents[intent.agent].handle(intent, now=now))
            except BotError:
                return "failed", {}
            return result.outcome, dict(result.facts)

        try:
            found = record(chat, stage, answer, title=title, known=known)
        finally:
            runner.run(opened.__aexit__(None, None, None))
    try:
        path.write_text(found.text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} cannot be written: {error.strerror}") from error
    for doubt in found.doubts:
        click.echo(f"note: {doubt}")
    click.echo(f"written: {path}; play it with `procare dialogs test {path}`")
