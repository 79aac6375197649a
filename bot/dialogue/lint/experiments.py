"""Experiments: never where wrong words can hurt, and never without an end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.dialogue import authored
from bot.dialogue.compiler import Compiler
from bot.handwritten.source import Path_

# Words of dosing and of emergencies: a flow that says them may not try out wordings. Source: the product's own rule; no number.
_DOSING = re.compile(
    r"\b(insulin|dos(e|es|age|ing)|tablets?|pills?|capsules?|injections?|units?|mg|mcg|ml|ambulance|emergency|hospital)\b", re.I
)
_HOLE = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)


def lint_experiments(compiler: Compiler, file: authored.FlowFile) -> None:
    """Findings of one flow go to the compiler. Its texts have been compiled before."""
    for path, message, remedy in _findings(compiler, file):
        compiler.find(path, "experiment", message, remedy)


def _findings(compiler: Compiler, file: authored.FlowFile) -> Iterator[tuple[Path_, str, str]]:
    for name, trial in file.arms.items():
        path: Path_ = ("arms", name)
        if len(trial.of) < 2:
            yield path, f"'{name}' has only one arm", "add another, or remove the experiment"
        if trial.until is None and trial.people is None:
            yield path, f"'{name}' never ends", "add 'until: \"2026-12-31\"' or 'people: 400'"
        if trial.until and not _is_day(trial.until):
            yield path, f"'{trial.until}' is no day", 'write it like "2026-12-31"'
        if trial.then not in trial.of:
            yield path, f"'{trial.then}' is no arm of '{name}'", f"use one of {', '.join(trial.of)}"
    if not file.arms:
        return
    if file.risk == "clinical":
        yield ("arms",), "an experiment in a clinical flow", "clinical words are not tried out on people; remove it"
    for name, step in file.steps.items():
        if step.kind == "emergency" or step.emergency:
            yield ("steps", name), "an experiment in a flow that speaks in emergencies", "move the emergency to a flow of its own"
    for key, written in compiler.keys.items():
        if said := _DOSING.search(_HOLE.sub(" ", written.source)):
            yield compiler.paths[key], f"an experiment in a flow that says '{said[0]}'", "do not try out words about doses"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
