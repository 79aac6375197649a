"""A flow as steps and the ways between them, from what its author wrote: for checks and for drawings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.dialogue import authored
from bot.dialogue.machine import END
from bot.dialogue.moves import THE_END, moves_of

Node = tuple[str, str]  # flow, step
NAMES = {"unclear": "not understood", "told_again": "told again", "put_again": "come back to"}
"""What people read where the way has another name."""


class Edge(Struct, frozen=True):
    """``way`` is the engine's name of it (``next.0``, ``option.yes``, ``on.low``, ``unclear``); ``label`` is for people."""

    source: str
    way: str
    target: str
    label: str = ""


def edges_of(file: authored.FlowFile) -> list[Edge]:
    """Every way between two steps of a flow, in the order of the file. ``end`` is a target too."""
    return [
        Edge(name, way, target, _label(step, way))
        for name, step in file.steps.items()
        for way, target in moves_of(file, step)
        if uses_next(step) or not way.startswith("next.")
    ]


def _label(step: authored.Step, way: str) -> str:
    kind, _, detail = way.partition(".")
    match kind:
        case "option":
            return step.options[detail].label
        case "next":
            ways = step.next or THE_END
            plain = "else" if len(ways) > 1 else "answer" if waits(step) else ""
            return ways[int(detail)].when or plain
        case _:
            return NAMES.get(kind) or detail or kind


def uses_next(step: authored.Step) -> bool:
    """Whether ``next`` is ever taken: not by an agent's step, not by a jump, not where every option has its own way."""
    if step.ask_agent or step.jump:
        return False
    if step.options_from:
        return True
    return not (step.options and not step.expect and all(choice.go for choice in step.options.values()))


def waits(step: authored.Step) -> bool:
    """The conversation stands still here until somebody answers."""
    return bool(step.options or step.expect or step.ask_agent or step.wait)


def onward(files: Mapping[str, authored.FlowFile], node: Node) -> Iterable[Node]:
    """Where a turn goes on from a step without waiting for anybody, other flows included."""
    flow, name = node
    step = files[flow].steps[name]
    if waits(step):
        return
    other = step.call or step.jump
    if other:
        if other in files and files[other].steps:
            yield other, next(iter(files[other].steps))
        if step.jump or (other in files and not _passes(files, other, frozenset((flow,)))):
            return
    for way in step.next or []:
        if way.go in files[flow].steps:
            yield flow, way.go


def _passes(files: Mapping[str, authored.FlowFile], flow: str, above: frozenset[str]) -> bool:
    """A flow can come to its end without waiting for anybody."""
    if flow in above or flow not in files:
        return False
    steps = files[flow].steps
    ahead, seen = list(steps)[:1], set[str]()
    while ahead:
        name = ahead.pop()
        if name == END:
            return True
        if name in seen or name not in steps or waits(steps[name]):
            continue
        seen.add(name)
        step = steps[name]
        other = step.call or step.jump
        if other and not _passes(files, other, above | {flow}):
            continue
        if step.jump or (step.next and step.next[-1].when):
            return True
        ahead.extend(way.go for way in step.next or [authored.Way(go=END)])
    return False
