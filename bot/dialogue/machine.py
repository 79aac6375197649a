"""The graph of one flow as a shared ``transitions`` machine. The only module that knows ``transitions``.

The machine holds no conversation: a conversation is a ``Place`` (one string) that is made for a turn and thrown away.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from transitions import Machine, MachineError

END = "end"


class Place:
    """Where one conversation stands in the graph, for the length of a move."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class NoSuchMove(LookupError):
    """The flow has no such way out of that step."""


class Graph:
    """Steps and the labelled ways between them, for example ``next.0``, ``option.agree``, ``on.in_range``."""

    def __init__(self, steps: Iterable[str], moves: Iterable[tuple[str, str, str]]) -> None:
        """``moves`` are (from, label, to); every name must be a step or ``end``."""
        self._steps = tuple(steps)
        self._moves = tuple(moves)
        self._followed: dict[tuple[str, str], str] = {}  # moves that the machine has made: it makes the same ones again

    @cached_property
    def _machine(self) -> Machine:
        """Made when a conversation first moves in the flow: with hundreds of flows that is most of the time of a start, and
        the compiler has looked at every name before."""
        machine = Machine(model=None, states=[*self._steps, END], initial=None, auto_transitions=False, send_event=True)
        for source, label, target in self._moves:
            machine.add_transition(label, source, target)
        return machine

    def follow(self, step: str, label: str) -> str:
        """The step that ``label`` leads to. Raises NoSuchMove."""
        if known := self._followed.get((step, label)):
            return known
        event = self._machine.events.get(label)
        place = Place(step)
        try:
            if event is None or not event.trigger(place):
                raise NoSuchMove(f"{step}: {label}")
        except (MachineError, ValueError) as error:
            raise NoSuchMove(f"{step}: {label}") from error
        self._followed[step, label] = place.state
        return place.state
