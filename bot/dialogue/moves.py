"""The ways out of a step, from what its author wrote: what the engine's graph is made of, what is checked, and what is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue import authored
from bot.dialogue.machine import END

THE_END = (authored.Way(go=END),)
"""Where a step leads that says nothing of it."""


def moves_of(file: authored.FlowFile, step: authored.Step) -> Iterator[tuple[str, str]]:
    """The engine's name of each way (``option.yes``, ``on.low``, ``next.0``, ``unclear``) and the step it leads to, or ``end``.

    Of an agent's step and of a jump ``next`` is never taken. No way leads out of a silence that is a bookmark.
    """
    for id_, choice in step.options.items():
        if choice.go:
            yield f"option.{id_}", choice.go
    for outcome, target in step.on.items():
        yield f"on.{outcome}", target
    for index, way in enumerate(step.next or THE_END):
        yield f"next.{index}", way.go
    if step.unclear and step.unclear.then:
        yield "unclear", step.unclear.then
    if step.skip:
        yield "skip", step.skip
    if step.told_again:
        yield "told_again", step.told_again
    if step.put_again:
        yield "put_again", step.put_again
    for pattern, target in mends_of(file, step):
        yield f"repair.{pattern}", target
    if step.silence and step.silence.then != "bookmark":
        yield "silence", step.silence.then


def mends_of(file: authored.FlowFile, step: authored.Step) -> list[tuple[str, str]]:
    """Where repairs of a question lead, by their pattern: its own, else those of the flow."""
    if not (step.options or step.expect):
        return []
    mends = {**file.repair.patterns(), **step.repair.patterns()}
    return [(pattern, mend.then) for pattern, mend in mends.items() if not isinstance(mend, str) and mend.then]
