"""Counts what people did in the flows, from the traces of their turns: steps entered and how they were left, ways taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from bot.dialogue import authored
from bot.dialogue.graph import edges_of

Way = tuple[str, str, str]  # flow, step, the engine's name of the way


class StepCount(Struct, frozen=True):
    """One step. ``answered``: by the person, or by the agent that it asks. ``silent``: nobody answered in time. ``left``: the
    person went elsewhere while the question was open. What is none of these is still open."""

    step: str
    entered: int
    answered: int
    unclear: int
    silent: int
    left: int


_COUNTED = {"step": "entered", "answered": "answered", "unclear": "unclear", "silence": "silent", "agent_is_late": "silent"}


class Tally:
    """Takes traces in, in any order."""

    def __init__(self) -> None:
        self.turns = 0
        self.started: Counter[str] = Counter()
        self.ways: Counter[Way] = Counter()
        self._counts: Counter[Way] = Counter()  # flow, step, what happened

    def add(self, trace: Iterable[Mapping[str, Any]]) -> None:
        """One turn."""
        self.turns += 1
        for line in trace:
            action, flow, step = line.get("action"), line.get("flow"), line.get("step")
            if action == "flow_started" and flow:
                self.started[flow] += 1
            if not flow or not step:
                continue
            if action == "way" and line["way"] != "silence":  # that one has a line of its own, even where it leads nowhere
                self.ways[flow, step, line["way"]] += 1
            elif action == "silence":
                self.ways[flow, step, "silence"] += 1
                self._counts[flow, step, "silent"] += 1
            elif action == "left":
                self._counts[flow, step, "left"] += 1
            elif action == "agent_result" and line.get("outcome") != "unavailable":
                self._counts[flow, step, "answered"] += 1
            elif action in _COUNTED:
                self._counts[flow, step, _COUNTED[action]] += 1

    def of(self, file: authored.FlowFile) -> list[StepCount]:
        """The steps of a flow in the order of its file; behind them those that it no longer has."""
        flow = file.flow
        gone = sorted({step for name, step, _ in self._counts if name == flow} - set(file.steps))
        kinds = ("entered", "answered", "unclear", "silent", "left")
        return [StepCount(step, *(self._counts[flow, step, kind] for kind in kinds)) for step in (*file.steps, *gone)]

    def edges_of(self, file: authored.FlowFile) -> dict[tuple[str, str], int]:
        """How often each way of a flow was taken, by step and way; calls and jumps by how often their step was entered."""
        found = {(edge.source, edge.way): self.ways[file.flow, edge.source, edge.way] for edge in edges_of(file)}
        for name, step in file.steps.items():
            if step.call or step.jump:
                found[name, "call" if step.call else "jump"] = self._counts[file.flow, name, "entered"]
        return found
