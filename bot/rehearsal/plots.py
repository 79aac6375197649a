"""Plots as inline SVG: nothing is fetched, and a page that was saved stays whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

COLOURS = ("#1f7a5c", "#c2571a", "#3b5fa9", "#8a3b8f", "#777777")
WIDTH, HEIGHT, LEFT, BELOW, ABOVE = 640, 220, 64, 34, 26


def bars(title: str, values: Mapping[str, float], *, unit: str = "") -> str:
    """Upright bars, each with its number."""
    if not values:
        return ""
    top = max(values.values()) or 1.0
    room = (WIDTH - LEFT) / len(values)
    parts = []
    for place, (name, value) in enumerate(values.items()):
        tall = value / top * (HEIGHT - BELOW - ABOVE)
        x, y = LEFT + place * room, HEIGHT - BELOW - tall
        wide = max(1.0, room * 0.72)
        parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{COLOURS[0]}"/>')
        parts.append(_text(x + wide / 2, y - 4, number(value), middle=True))
        parts.append(_text(x + wide / 2, HEIGHT - BELOW + 16, name, middle=True))
    return _svg(title + (f" ({unit})" if unit else ""), parts)


def lines(title: str, series: Mapping[str, Sequence[float]]) -> str:
    """One line a name, over days that are counted from 1."""
    top = max((value for values in series.values() for value in values), default=0.0) or 1.0
    parts = []
    for share in (0.0, 0.5, 1.0):
        y = HEIGHT - BELOW - share * (HEIGHT - BELOW - ABOVE)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(_text(4, y + 4, number(top * share)))
    for place, (name, values) in enumerate(series.items()):
        colour = COLOURS[place % len(COLOURS)]
        step = (WIDTH - LEFT - 8) / max(1, len(values) - 1)
        points = " ".join(
            f"{LEFT + day * step:.1f},{HEIGHT - BELOW - value / top * (HEIGHT - BELOW - ABOVE):.1f}"
            for day, value in enumerate(values)
        )
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(_text(LEFT + 8 + place * 130, HEIGHT - 4, f"— {name}", colour=colour))
    return _svg(title, parts)


def number(value: float) -> str:
    if value >= 10_000:
        return f"{value / 1000:.0f}k"
    return f"{value:.0f}" if value == int(value) or value >= 100 else f"{value:.2g}"


def _svg(title: str, parts: Sequence[str]) -> str:
    inside = "".join(parts)
    return (
        f'<figure><figcaption>{escape(title)}</figcaption><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}">{inside}</svg></figure>'
    )


def _text(x: float, y: float, text: str, *, middle: bool = False, colour: str = "#333") -> str:
    anchor = ' text-anchor="middle"' if middle else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="11" fill="{colour}"{anchor}>{escape(text)}</text>'
