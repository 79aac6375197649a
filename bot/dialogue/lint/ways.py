"""Where a conversation can go: circles without a question, questions nobody can leave, walls of text, flows nobody starts."""

from __future__ import annotations

from collections.abc import Iterator

from bot.dialogue.draft import Draft
from bot.dialogue.flow import LISTED, OFFER, WHOSE
from bot.dialogue.graph import Node, onward
from bot.dialogue.lint.rules import found
from bot.dialogue.lint.together import NEEDED_FLOWS
from bot.handwritten.finding import Finding

TEXTS_IN_A_ROW = 3


def check_ways(draft: Draft) -> Iterator[Finding]:
    nodes = [(flow, step) for flow, file in draft.files.items() for step in file.steps]
    ahead = {node: [other for other in onward(draft.files, node) if _is(draft, other)] for node in nodes}
    yield from _loops(draft, ahead)
    yield from _walls(draft, ahead)
    yield from _stuck(draft)
    yield from _unused(draft)


def _is(draft: Draft, node: Node) -> bool:
    return node[0] in draft.files and node[1] in draft.files[node[0]].steps


def _loops(draft: Draft, ahead: dict[Node, list[Node]]) -> Iterator[Finding]:
    """Depth first; a way back to a step that we are on closes a circle. One finding a circle."""
    done: set[Node] = set()
    for first in ahead:
        if first in done:
            continue
        trail: list[Node] = [first]
        on_trail = {first}
        open_ = [iter(ahead[first])]
        while open_:
            node = next(open_[-1], None)
            if node is None:
                open_.pop()
                left = trail.pop()
                on_trail.discard(left)
                done.add(left)
            elif node in on_trail:
                circle = trail[trail.index(node) :]
                names = " -> ".join(f"{flow}/{step}" if flow != first[0] else step for flow, step in (*circle, node))
                yield found(
                    draft.compilers[node[0]].source,
                    ("steps", node[1]),
                    "loop",
                    f"the steps {names} can go round without a question",
                    "ask something on the way, or lead out of the circle",
                )
            elif node not in done:
                trail.append(node)
                on_trail.add(node)
                open_.append(iter(ahead[node]))


def _walls(draft: Draft, ahead: dict[Node, list[Node]]) -> Iterator[Finding]:
    """The most texts that a turn can say from each step on; found where the fourth from the end stands."""
    known: dict[Node, int] = {}

    def most(node: Node, above: frozenset[Node]) -> int:
        if node in known:
            return known[node]
        own = int(draft.files[node[0]].steps[node[1]].say is not None)
        rest = [most(other, above | {node}) for other in ahead[node] if other not in above] if len(above) < 60 else []
        known[node] = own + max(rest, default=0)
        return known[node]

    for node in ahead:
        flow, name = node
        if most(node, frozenset((node,))) == TEXTS_IN_A_ROW + 1 and draft.files[flow].steps[name].say:
            yield found(
                draft.compilers[flow].source,
                ("steps", name),
                "many_messages",
                f"from '{name}' on, {TEXTS_IN_A_ROW + 1} texts or more are said before anybody can answer",
                "say it in fewer words, or ask whether to go on",
            )


def _stuck(draft: Draft) -> Iterator[Finding]:
    for flow, file in draft.files.items():
        for name, step in file.steps.items():
            asks = step.options or step.expect
            if asks and not file.leave and not step.skip and not (step.unclear and step.unclear.then):
                yield found(
                    draft.compilers[flow].source,
                    ("steps", name),
                    "no_way_out",
                    f"'{name}' cannot be cancelled (leave: false), skipped, or left after unclear answers",
                    "add 'unclear: {then: ...}' or 'skip: ...'",
                )


def _unused(draft: Draft) -> Iterator[Finding]:
    led_to = {other for file in draft.files.values() for step in file.steps.values() for other in (step.call, step.jump) if other}
    for flow, file in draft.files.items():
        starts = file.starts_on
        begins = starts.intent or starts.phrases or starts.readings or starts.media or starts.command or starts.emergency
        begins = begins or starts.event or starts.from_ is not None
        asked = flow == WHOSE and any(one.asks_whose for one in draft.files.values())
        if file.steps and not (begins or flow in led_to or flow in (*NEEDED_FLOWS, OFFER, LISTED) or asked):
            yield found(
                draft.compilers[flow].source,
                ("flow",),
                "unused_flow",
                f"nothing starts the flow '{flow}'",
                "add 'starts_on', or call it from another flow, or remove it",
            )
