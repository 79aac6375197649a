"""Which steps and ways the tests went through, and which they never did: coverage with the place in the flow's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from msgspec import Struct

from bot.dialogue.content import Content
from bot.dialogue.flow import Flow, Step
from bot.dialogue.machine import Graph
from bot.handwritten.source import Path_, Source

Way = tuple[str, str, str]  # flow, step, label; the label of a step itself is ""


class Watched(Graph):
    """A flow's graph that notes the ways taken."""

    def __init__(self, graph: Graph, flow: str, taken: set[Way]) -> None:
        self._graph = graph
        self._flow = flow
        self._taken = taken

    def follow(self, step: str, label: str) -> str:
        target = self._graph.follow(step, label)
        self._taken.add((self._flow, step, label))
        return target


class Reach:
    """What was gone through so far."""

    def __init__(self) -> None:
        self.taken: set[Way] = set()

    def watch(self, content: Content) -> Content:
        """The same content, its ways noted when they are taken."""
        flows = {
            name: replace(flow, graph=Watched(flow.graph, name, self.taken), blank=flow.blank)
            for name, flow in content.flows.items()
        }
        return replace(content, flows=flows)

    def note(self, trace: Iterable[Mapping[str, Any]]) -> None:
        """Take in the trace of one turn."""
        for line in trace:
            flow, step = line.get("flow"), line.get("step")
            if flow is None or not step:
                continue
            match line["action"]:
                case "step":
                    self.taken.add((flow, step, ""))
                case "answered":
                    self.taken.add((flow, step, ""))
                    if line.get("option"):
                        self.taken.add((flow, step, f"option.{line['option']}"))
                case "unclear":
                    self.taken.add((flow, step, "unclear.say"))
                case "repair":
                    self.taken |= {(flow, step, f"repair.{line['pattern']}"), (flow, step, line["pattern"])}
                case "silence":
                    self.taken.add((flow, step, "silence"))


class Missed(Struct, frozen=True):
    """A step or a way that no test reached."""

    file: str
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what} was never reached"


class FlowReach(Struct, frozen=True):
    """Steps, ways on (branches), and repair paths (unclear, silence, skip) of one flow: reached and all."""

    flow: str
    steps: tuple[int, int]
    branches: tuple[int, int]
    repairs: tuple[int, int]
    missed: tuple[Missed, ...]


REPAIRS = ("unclear.say", "unclear", "silence", "skip", "what")


def reach_of(flow: Flow, source: Source, taken: set[Way]) -> FlowReach:
    """What of one flow was reached. ``source`` is its file."""
    counts = {"steps": [0, 0], "branches": [0, 0], "repairs": [0, 0]}
    missed: list[Missed] = []
    for step in flow.steps.values():
        for label, path in _ways(step, source):
            kind = "steps" if not label else "repairs" if label in REPAIRS or label.startswith("repair.") else "branches"
            hit = (flow.name, step.name, label) in taken
            counts[kind][0] += hit
            counts[kind][1] += 1
            if not hit:
                line, column = source.places[path]
                what = f"the step '{step.name}'" if not label else f"the way '{label}' of '{step.name}'"
                missed.append(Missed(source.name, line, column, what))
    found = {kind: (hit, every) for kind, (hit, every) in counts.items()}
    return FlowReach(flow.name, found["steps"], found["branches"], found["repairs"], tuple(missed))


def _ways(step: Step, source: Source) -> Iterable[tuple[str, Path_]]:
    """Every way of a step that stands in the file, with its place; first the step itself."""
    here: Path_ = ("steps", step.name)
    written: list[tuple[str, Path_]] = [("", here)]
    for index in range(len(step.ways)):
        either = (*here, "next", "else") if index else (*here, "next", "go")
        written += [(f"next.{index}", path) for path in ((*here, "next", index), either) if path in source.places][:1]
        if len(step.ways) == 1 and (*here, "next") in source.places and written[-1][0] != "next.0":
            written.append(("next.0", (*here, "next")))
    written += [(f"option.{choice.id}", (*here, "options", choice.id)) for choice in step.choices]
    if step.agent:
        written += [(f"on.{outcome}", (*here, "on", outcome)) for outcome in sorted(step.agent.outcomes)]
    if step.unclear:
        written.append(("unclear.say", (*here, "unclear")))
        if step.unclear.way:
            written.append(("unclear", (*here, "unclear", "then")))
    if step.what:
        written.append(("what", (*here, "what")))
    written += [(f"repair.{pattern}", (*here, "repair", pattern)) for pattern in step.repair]
    if step.silence:
        written.append(("silence", (*here, "silence")))
    if step.skip:
        written.append(("skip", (*here, "skip")))
    return [(label, path) for label, path in written if path in source.places]
