"""What becomes of those who stand on an older version: earlier names and landings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.dialogue import authored
from bot.dialogue.compiler import Compiler
from bot.handwritten.finding import Finding
from bot.handwritten.source import Path_


def check_renames(compilers: Mapping[str, Compiler], files: Mapping[str, authored.FlowFile]) -> Iterator[Finding]:
    """An earlier name must lead to one place, and a landing must be a question."""
    yield from _earlier(compilers, [(name, ("was",), name, file.was) for name, file in files.items()], set(files))
    for name, file in files.items():
        steps: list[tuple[str, Path_, str, list[str]]] = [
            (name, ("steps", step, "was"), step, one.was) for step, one in file.steps.items()
        ]
        yield from _earlier(compilers, steps, set(file.steps))
        step = file.steps.get(file.landing) if file.landing else None
        if file.landing and (step is None or not (step.options or step.expect)):
            message = f"the landing '{file.landing}' is no question of this flow"
            yield compilers[name].source.finding(("landing",), "landing", message, "name a step with options or expect")


def _earlier(
    compilers: Mapping[str, Compiler], named: list[tuple[str, Path_, str, list[str]]], now: set[str]
) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    for flow, path, own, names in named:
        for old in names:
            if old in now:
                message, remedy = f"'{own}' was '{old}', and there is a '{old}' today", "remove it here, or rename the other"
            elif old in taken:
                message, remedy = f"'{own}' and '{taken[old]}' both were '{old}'", "keep it at one of them"
            else:
                taken[old] = own
                continue
            yield compilers[flow].source.finding(path, "was", message, remedy)
