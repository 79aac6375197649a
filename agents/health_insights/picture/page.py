"""A page as data: what the doctor reads on one sheet. Every word is final."""

from __future__ import annotations

from msgspec import Struct

from agents.health_insights.picture.chart import Chart


class Row(Struct, frozen=True):
    label: str
    value: str


class Section(Struct, frozen=True):
    """A heading with rows beside one another, or lines of text."""

    heading: str
    rows: tuple[Row, ...] = ()
    lines: tuple[str, ...] = ()


class Page(Struct, frozen=True):
    language: str
    title: str
    subtitle: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...]
    chart: Chart | None = None
    made: float = 0.0  # Unix seconds; the same page made again is the same file
