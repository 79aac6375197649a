"""A layered drawing (Sugiyama, Tagawa, Toda 1981) of boxes and links: circles opened, boxes in rows, few crossings.

Labels are boxes of their own in rows between, so that nothing lies on anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

GAP_X, GAP_Y = 18.0, 20.0
SWEEPS = 16

Point = tuple[float, float]


@dataclass(slots=True)
class Box:
    """``key`` names a box of the caller; boxes without are bends of links, with or without a label."""

    key: str
    width: float
    height: float
    rank: int = 0
    x: float = 0.0  # middle
    y: float = 0.0  # middle
    above: list[Box] = field(default_factory=list)
    below: list[Box] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Layout:
    """``boxes`` by key, ``routes`` and ``labels`` (middle of the label, if any) in the order of the links."""

    width: float
    height: float
    boxes: Mapping[str, Box]
    routes: Sequence[Sequence[Point]]
    labels: Sequence[Point | None]


def arrange(sizes: Mapping[str, Point], links: Sequence[tuple[str, str, Point | None]]) -> Layout:
    """``sizes``: width and height by key, in the order of reading. ``links``: from, to, size of the label. No link to itself."""
    boxes = {key: Box(key, width, height) for key, (width, height) in sizes.items()}
    back = _backward(list(boxes), links)
    _rank(boxes, links, back)
    rows: list[list[Box]] = [[] for _ in range(max((box.rank for box in boxes.values()), default=0) + 1)]
    for box in boxes.values():
        rows[box.rank].append(box)
    chains = [_chain(boxes, rows, link, index in back) for index, link in enumerate(links)]
    rows = _ordered(rows)
    _columns(rows)
    heights = [max((box.height for box in row), default=0.0) for row in rows]
    top = GAP_Y
    for row, height in zip(rows, heights, strict=True):
        for box in row:
            box.y = top + height / 2
        top += height + GAP_Y
    left = min((box.x - box.width / 2 for row in rows for box in row), default=0.0) - GAP_X
    for row in rows:
        for box in row:
            box.x -= left
    right = max((box.x + box.width / 2 for row in rows for box in row), default=0.0) + GAP_X
    routes = [_route(chain, heights, index in back) for index, chain in enumerate(chains)]
    marks = [next(((box.x, box.y) for box in chain[1:-1] if box.height), None) for chain in chains]
    return Layout(right, top, boxes, routes, marks)


def _backward(keys: Sequence[str], links: Sequence[tuple[str, str, Point | None]]) -> set[int]:
    """The links that close a circle, seen from the first box."""
    ahead: dict[str, list[tuple[int, str]]] = {key: [] for key in keys}
    for index, (source, target, _) in enumerate(links):
        ahead[source].append((index, target))
    state: dict[str, int] = {}
    back: set[int] = set()
    for first in keys:
        if first in state:
            continue
        state[first] = 1
        open_ = [(first, iter(ahead[first]))]
        while open_:
            key, rest = open_[-1]
            index, target = next(rest, (-1, ""))
            if index < 0:
                state[key] = 2
                open_.pop()
            elif state.get(target) == 1:
                back.add(index)
            elif target not in state:
                state[target] = 1
                open_.append((target, iter(ahead[target])))
    return back


def _rank(boxes: Mapping[str, Box], links: Sequence[tuple[str, str, Point | None]], back: set[int]) -> None:
    """Rows of boxes are even, rows between are for labels. A box stands below everything that leads to it."""
    forward = [(target, source) if index in back else (source, target) for index, (source, target, _) in enumerate(links)]
    for _ in boxes:
        moved = False
        for source, target in forward:
            if boxes[target].rank < boxes[source].rank + 2:
                boxes[target].rank = boxes[source].rank + 2
                moved = True
        if not moved:
            return


def _chain(boxes: Mapping[str, Box], rows: list[list[Box]], link: tuple[str, str, Point | None], back: bool) -> list[Box]:
    """The boxes that a link passes, from the upper to the lower end; the label is next to where the link begins."""
    source, target, label = link
    upper, lower = (boxes[target], boxes[source]) if back else (boxes[source], boxes[target])
    labelled = lower.rank - 1 if back else upper.rank + 1
    chain = [upper]
    for rank in range(upper.rank + 1, lower.rank):
        width, height = label if label and rank == labelled else (4.0, 0.0)
        bend = Box("", width, height, rank)
        rows[rank].append(bend)
        chain.append(bend)
    chain.append(lower)
    for one, other in pairwise(chain):
        one.below.append(other)
        other.above.append(one)
    return chain


def _ordered(rows: list[list[Box]]) -> list[list[Box]]:
    """Each row by the middle of its neighbours, up and down several times; the order with the fewest crossings stays."""
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for row in rows[1:] if down else rows[-2::-1]:
            places = {id(box): place for one in rows for place, box in enumerate(one)}

            def middle(box: Box, down: bool = down, places: Mapping[int, int] = places) -> float:
                near = sorted(places[id(other)] for other in (box.above if down else box.below))
                return sum(near) / len(near) if near else float(places[id(box)])

            row.sort(key=middle)
        if (count := _crossings(rows)) < fewest:
            best, fewest = [list(row) for row in rows], count
    return best


def _crossings(rows: list[list[Box]]) -> int:
    total = 0
    for row, following in pairwise(rows):
        place = {id(box): index for index, box in enumerate(following)}
        ends = [end for box in row for end in sorted(place[id(other)] for other in box.below)]
        total += sum(one > other for index, one in enumerate(ends) for other in ends[index + 1 :])
    return total


def _columns(rows: list[list[Box]]) -> None:
    """Every box as near to the middle of its neighbours as its row allows."""
    for row in rows:
        _place(row, [0.0] * len(row))
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wanted = []
            for box in row:
                near = (box.above if sweep % 2 == 0 else box.below) or [*box.above, *box.below]
                wanted.append(sum(other.x for other in near) / len(near) if near else box.x)
            _place(row, wanted)


def _place(row: Sequence[Box], wanted: Sequence[float]) -> None:
    """Least squares with the order kept and nothing overlapping (pool adjacent violators)."""
    offset, offsets = 0.0, []
    for index, box in enumerate(row):
        if index:
            offset += (row[index - 1].width + box.width) / 2 + GAP_X
        offsets.append(offset)
    pools: list[tuple[float, float, int]] = []  # sum of weighted wishes, weight, how many
    for box, want, shift in zip(row, wanted, offsets, strict=True):
        weight = 1.0 if box.key else 2.0  # straight links are easier to follow
        pools.append(((want - shift) * weight, weight, 1))
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] > pools[-1][0] / pools[-1][1]:
            later, earlier = pools.pop(), pools.pop()
            pools.append((earlier[0] + later[0], earlier[1] + later[1], earlier[2] + later[2]))
    values = [total / weight for total, weight, count in pools for _ in range(count)]
    for box, value, shift in zip(row, values, offsets, strict=True):
        box.x = value + shift


def _route(chain: Sequence[Box], heights: Sequence[float], back: bool) -> list[Point]:
    """From the beginning of the link to its end: out of one box, straight through every row, into the other."""
    upper, lower = chain[0], chain[-1]
    points = [(_port(upper, upper.below, chain[1]), upper.y + upper.height / 2)]
    for box in chain[1:-1]:
        half = heights[box.rank] / 2
        points += [(box.x, box.y - half), (box.x, box.y + half)]
    points.append((_port(lower, lower.above, chain[-2]), lower.y - lower.height / 2))
    return points[::-1] if back else points


def _port(box: Box, others: Sequence[Box], other: Box) -> float:
    """Where a link touches a box: beside the other links of that side, in the order of where they come from."""
    order = sorted(range(len(others)), key=lambda index: others[index].x)
    place = next(place for place, index in enumerate(order) if others[index] is other)
    return box.x + box.width * 0.8 * ((place + 1) / (len(others) + 1) - 0.5)
