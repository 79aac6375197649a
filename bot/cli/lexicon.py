"""``procare lexicon``: what reviewers of the words need."""

from __future__ import annotations

import re
from pathlib import Path

import click

from bot.adapters.lexicon_copy import build_copy
from bot.cli.content import CONTENT
from bot.understanding.language_file import read_languages
from bot.understanding.lint import Fault, faults
from bot.understanding.rules import AlarmRule, IntentRule, RuleSet, load_rules

RULES: dict[str, type[AlarmRule] | type[IntentRule]] = {"alarms": AlarmRule, "intents": IntentRule}


@click.group()
def lexicon() -> None:
    """Check the words by which messages are understood."""


@lexicon.command()
@CONTENT
def lint(content: Path) -> None:
    """Find words that contradict one another, collide, are never reached, and concepts that a language cannot say.

    Exit status 1 when anything is found."""
    folder = content / "lexicon"
    files = read_languages(folder)
    rules = [RuleSet(load_rules(folder / "rules" / f"{name}.yaml", kind)) for name, kind in RULES.items()]
    found = faults(files, rules)
    for fault in found:
        click.echo(f"{_place(folder, fault)}: {fault.message}; {fault.remedy} [{fault.code}]")
    click.echo(f"{len(found)} faults" if found else f"nothing found in {len(files)} languages")
    if found:
        raise click.exceptions.Exit(1)


@lexicon.command("compile")
@CONTENT
def compile_words(content: Path) -> None:
    """Compile the words once, so that no start has to: part of the installation."""
    click.echo(f"compiled: {build_copy(content / 'lexicon')}")


def _place(folder: Path, fault: Fault) -> str:
    """File and line of the concept."""
    path = folder / (f"{fault.language}.yaml" if fault.language else "rules/alarms.yaml")
    word = re.compile(rf"^  {re.escape(fault.concept)}:" if fault.language else rf"\b{re.escape(fault.concept)}\b")
    lines = path.read_text(encoding="utf-8").splitlines() if fault.concept else []
    return f"{path}:{next((number for number, line in enumerate(lines, 1) if word.search(line)), 1)}"
