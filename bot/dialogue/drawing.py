"""A flow as a picture: Mermaid text for pages that draw it, and an SVG that needs nothing but a browser."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from xml.sax.saxutils import escape

from msgspec import Struct

from bot.dialogue import authored
from bot.dialogue.graph import edges_of
from bot.dialogue.layers import Layout, Point, arrange
from bot.dialogue.machine import END

LETTER, LINE = 6.4, 15.0  # pixels of one letter and one line at 12 pixels
WRAP, LINES = 34, 4
PAD = 9.0
_HOLE = re.compile(r"\{\{\s*([a-z_.]+).*?\}\}")  # in a picture, ‹name› says enough
INK, COLD = "#546e7a", "#c62828"  # of ways, and of those that nobody goes
COLOURS = {
    "question": "#e3f0fb",
    "agent": "#efe6fa",
    "emergency": "#fde4e1",
    "flow": "#eceff1",
    "said": "#ffffff",
    "end": "#37474f",
}


class Card(Struct, frozen=True):
    """One step as it is drawn: its name, its lines, what it is."""

    key: str
    title: str
    lines: tuple[str, ...]
    look: str


class Line(Struct, frozen=True):
    """All ways from one step to another, one label a line."""

    source: str
    target: str
    labels: tuple[str, ...]
    cold: bool = False  # nobody went here


Marks = Mapping[tuple[str, str], str]
"""What is written beside a way (step, way): a count, or whether a test goes there. An empty one says that nobody did."""


def cards_of(file: authored.FlowFile) -> list[Card]:
    """Every step, every flow that it leads to, and the end."""
    cards, others = [], dict[str, Card]()
    for name, step in file.steps.items():
        cards.append(Card(name, name, tuple(_lines(step)), _look(step)))
        if other := step.call or step.jump:
            others[f"flow:{other}"] = Card(f"flow:{other}", f"flow {other}", (), "flow")
    ends = [Card(END, END, (), "end")] if any(line.target == END for line in lines_of(file)) else []
    return [*cards, *others.values(), *ends]


def lines_of(file: authored.FlowFile, marks: Marks | None = None) -> list[Line]:
    """Every way, those between the same two steps together."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for name, step in file.steps.items():
        if other := step.call or step.jump:
            way = "call" if step.call else "jump"
            found.setdefault((name, f"flow:{other}"), []).append((way, _marked(marks, name, way)))
    for edge in edges_of(file):
        if edge.target in file.steps or edge.target == END:
            found.setdefault((edge.source, edge.target), []).append((edge.label, _marked(marks, edge.source, edge.way)))
    return [
        Line(*ends, tuple(words for pair in pairs if (words := " ".join(filter(None, pair)))), bool(marks) and not _warm(pairs))
        for ends, pairs in found.items()
    ]


def _marked(marks: Marks | None, step: str, way: str) -> str:
    """``(12)`` for a way that is known to have been gone, nothing for another."""
    mark = (marks or {}).get((step, way), "")
    return f"({mark})" if mark else ""


def _warm(pairs: Sequence[tuple[str, str]]) -> bool:
    return any(mark for _, mark in pairs)


def _look(step: authored.Step) -> str:
    if step.kind == "emergency" or step.emergency:
        return "emergency"
    if step.ask_agent:
        return "agent"
    if step.options or step.expect:
        return "question"
    return "flow" if step.call or step.jump or step.take_up else "said"


def _lines(step: authored.Step) -> Iterator[str]:
    if step.say:
        yield from textwrap.wrap(_HOLE.sub(r"‹\1›", step.say[0].text), WRAP, max_lines=LINES, placeholder=" …")
    for choice in step.options.values():
        yield f"• {choice.label}"
    if step.expect:
        yield f"expects {', '.join(step.expect)}"
    if step.ask_agent:
        yield f"asks {step.ask_agent}"
    if step.set:
        yield from textwrap.wrap(f"sets {', '.join(step.set)}", WRAP)


def as_mermaid(file: authored.FlowFile, marks: Marks | None = None) -> str:
    """A flowchart, from top to bottom."""
    lines = lines_of(file, marks)
    names = {card.key: f"s{index}" for index, card in enumerate(cards_of(file))}
    rows = ["flowchart TD"]
    for card in cards_of(file):
        words = "<br/>".join(map(_quoted, (card.title, *card.lines)))
        left, right = {"question": ("{{", "}}"), "end": ("([", "])"), "flow": ("[[", "]]")}.get(card.look, ("[", "]"))
        rows.append(f'  {names[card.key]}{left}"{words}"{right}:::{card.look}')
    for line in lines:
        label = f'|"{"<br/>".join(map(_quoted, line.labels))}"|' if line.labels else ""
        rows.append(f"  {names[line.source]} -->{label} {names[line.target]}")
    rows += [f"  linkStyle {index} stroke:{COLD},stroke-dasharray:5 4" for index, line in enumerate(lines) if line.cold]
    for look, colour in COLOURS.items():
        rows.append(f"  classDef {look} fill:{colour},stroke:#546e7a,color:{'#fff' if look == 'end' else '#000'}")
    return "\n".join(rows) + "\n"


def _quoted(text: str) -> str:
    """Words that Mermaid takes for words: its own entity codes for what means something to it."""
    return "".join(f"#{ord(char)};" if char in '#"<>&`{}[]|;\\' else char for char in text)


def as_svg(file: authored.FlowFile, marks: Marks | None = None) -> str:
    """A whole picture: no script, no style sheet, no font and no address from elsewhere."""
    cards = cards_of(file)
    lines = lines_of(file, marks)
    straight = [line for line in lines if line.source != line.target]
    sizes = {card.key: _size((card.title, *card.lines)) for card in cards}
    links = [(line.source, line.target, _size(line.labels, 3.0) if line.labels else None) for line in straight]
    layout = arrange(sizes, links)
    loops = [line for line in lines if line.source == line.target]
    margin = max((_size(line.labels)[0] + 30 for line in loops), default=0.0)
    width, height = layout.width + margin, layout.height
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="system-ui, sans-serif" font-size="12">',
        f"<title>{escape(file.flow)}: {escape(file.title)}</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#546e7a"/></marker></defs>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
        *(_path(route, cold=line.cold) for line, route in zip(straight, layout.routes, strict=True)),
        *(_label(line.labels, at) for line, at in zip(straight, layout.labels, strict=True) if at and line.labels),
        *(_card(card, layout) for card in cards),
        *(_loop(line, layout) for line in loops),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _size(lines: tuple[str, ...], pad: float = PAD) -> Point:
    return max(map(len, lines), default=0) * LETTER + 2 * pad, len(lines) * LINE + 2 * pad


def _path(points: Sequence[Point], *, cold: bool) -> str:
    (x, y), drawn = points[0], [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for next_x, next_y in points[1:]:
        half = (y + next_y) / 2
        drawn.append(f"C{x:.1f} {half:.1f} {next_x:.1f} {half:.1f} {next_x:.1f} {next_y:.1f}")
        x, y = next_x, next_y
    ink = f'stroke="{COLD}" stroke-dasharray="5 4"' if cold else f'stroke="{INK}"'
    return f'<path d="{"".join(drawn)}" fill="none" {ink} marker-end="url(#tip)"/>'


def _label(labels: tuple[str, ...], at: Point) -> str:
    width, height = _size(labels, 3.0)
    x, y = at
    back = f'<rect x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width:.1f}" height="{height:.1f}" fill="#fff"/>'
    return back + _words(labels, x, y - height / 2 + 3.0, "#37474f", italic=True)


def _card(card: Card, layout: Layout) -> str:
    box = layout.boxes[card.key]
    ink = "#fff" if card.look == "end" else "#000"
    frame = (
        f'<rect x="{box.x - box.width / 2:.1f}" y="{box.y - box.height / 2:.1f}" '
        f'width="{box.width:.1f}" height="{box.height:.1f}" rx="7" fill="{COLOURS[card.look]}" stroke="#546e7a"/>'
    )
    top = box.y - box.height / 2 + PAD
    return frame + _words((card.title,), box.x, top, ink, bold=True) + _words(card.lines, box.x, top + LINE, ink)


def _loop(line: Line, layout: Layout) -> str:
    """A way back to the step itself: an ear on its right."""
    box = layout.boxes[line.source]
    x, y = box.x + box.width / 2, box.y
    ear = f'<path d="M{x:.1f} {y - 8:.1f}C{x + 26:.1f} {y - 16:.1f} {x + 26:.1f} {y + 16:.1f} {x:.1f} {y + 8:.1f}" fill="none" '
    width, height = _size(line.labels, 3.0)
    return (
        ear + 'stroke="#546e7a" marker-end="url(#tip)"/>' + (_label(line.labels, (x + 24 + width / 2, y)) if height > 6 else "")
    )


def _words(lines: tuple[str, ...], x: float, top: float, ink: str, *, bold: bool = False, italic: bool = False) -> str:
    style = (' font-weight="600"' if bold else "") + (' font-style="italic"' if italic else "")
    return "".join(
        f'<text x="{x:.1f}" y="{top + LINE * index + 11:.1f}" text-anchor="middle" fill="{ink}"{style}>{escape(line)}</text>'
        for index, line in enumerate(lines)
    )
