"""Draws a chart as a PNG for a phone: large type, three figures, the range shaded, what lies outside in another shape."""

from __future__ import annotations

from typing import NamedTuple

from agents.health_insights.picture.canvas import BLACK, EDGE, GREY, LINE, MARKS, PALE, SHADE, TILE, Anchor, Canvas, fitted
from agents.health_insights.picture.chart import RIGHT_TO_LEFT, Chart

WIDTH, HEIGHT = 1080, 1350
EDGES = 56
INSET = 22  # from the frame to the first and the last point
PLOT_TOP, PLOT_BOTTOM = 510, 1050
TITLE, SUBTITLE, LABEL, FIGURE, AXIS, SMALL = 68, 40, 34, 68, 34, 32


class _Frame(NamedTuple):
    """Where the plot lies and which values it shows."""

    left: float
    right: float
    low: float
    high: float

    def x(self, share: float) -> float:
        return self.left + INSET + min(max(share, 0.0), 1.0) * (self.right - self.left - 2 * INSET)

    def y(self, value: float) -> float:
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return PLOT_BOTTOM - share * (PLOT_BOTTOM - PLOT_TOP)


def draw(chart: Chart) -> bytes:
    """The bytes of a PNG."""
    canvas = Canvas(WIDTH, HEIGHT)
    widest = max((fitted(tick.label, AXIS, chart.language).width for tick in chart.y_ticks), default=0)
    low, high = chart.scale
    frame = _Frame(EDGES + widest + 22, WIDTH - EDGES, low, high if high > low else low + 1)
    for index in range(len(chart.figures)):
        left, right = _tile(index, len(chart.figures))
        canvas.box(left, 248, right, 412, TILE, 18)
    _shapes(canvas, chart, frame)
    marks = _legend_marks(canvas, chart)
    _words(canvas, chart, frame)
    anchor: Anchor = "right" if chart.language in RIGHT_TO_LEFT else "left"
    for x, y, text, room in marks:
        canvas.words(x, y, text, SMALL, BLACK, chart.language, anchor=anchor, within=room)
    return canvas.png()


def _shapes(canvas: Canvas, chart: Chart, frame: _Frame) -> None:
    for low, high in chart.bands:
        canvas.box(frame.left, frame.y(high), frame.right, frame.y(low), SHADE)
    for tick in chart.y_ticks:
        canvas.line([(frame.left, frame.y(tick.at)), (frame.right, frame.y(tick.at))], PALE, 2)
    for low, high in chart.bands:
        for value in (low, high):
            canvas.line([(frame.left, frame.y(value)), (frame.right, frame.y(value))], EDGE, 3)
    canvas.line([(frame.x(x), frame.y(value)) for x, value in chart.line], LINE, 4)
    size = 15 if len(chart.points) <= 40 else 12 if len(chart.points) <= 100 else 9
    for point in chart.points:
        x = frame.x(point.x)
        if point.second is not None:
            canvas.line([(x, frame.y(point.value)), (x, frame.y(point.second))], MARKS[point.mark], 5)
    for point in chart.points:
        x = frame.x(point.x)
        if point.second is not None:
            canvas.mark(x, frame.y(point.second), point.mark, size * 0.75)
        canvas.mark(x, frame.y(point.value), point.mark, size)


def _words(canvas: Canvas, chart: Chart, frame: _Frame) -> None:
    language = chart.language
    rtl = language in RIGHT_TO_LEFT
    start, room = (WIDTH - EDGES, WIDTH - 2 * EDGES) if rtl else (EDGES, WIDTH - 2 * EDGES)
    canvas.words(start, 118, chart.title, TITLE, BLACK, language, bold=True, anchor="right" if rtl else "left", within=room)
    canvas.words(start, 188, chart.subtitle, SUBTITLE, GREY, language, anchor="right" if rtl else "left", within=room)
    for index, figure in enumerate(reversed(chart.figures) if rtl else chart.figures):
        left, right = _tile(index, len(chart.figures))
        middle, inner = (left + right) / 2, right - left - 28
        canvas.words(middle, 302, figure.label, LABEL, GREY, language, anchor="middle", within=inner)
        canvas.words(middle, 384, figure.value, FIGURE, BLACK, language, bold=True, anchor="middle", within=inner)
    for tick in chart.y_ticks:
        canvas.words(frame.left - 16, frame.y(tick.at) + 12, tick.label, AXIS, GREY, language, anchor="right")
    canvas.words(EDGES, PLOT_TOP - 46, chart.unit, SMALL, GREY, "en")
    _days(canvas, chart, frame)
    canvas.words(WIDTH / 2, HEIGHT - 34, chart.note, SMALL - 4, GREY, language, anchor="middle", within=room)


def _days(canvas: Canvas, chart: Chart, frame: _Frame) -> None:
    """The days below: all in one size, in which they have room beside one another."""
    if not chart.x_ticks:
        return
    wide = [fitted(tick.label, AXIS, chart.language).width for tick in chart.x_ticks]
    room = (frame.right - frame.left) / len(wide) - 12
    size = AXIS * min(1.0, room / max([*wide, 1]))
    for tick, width in zip(chart.x_ticks, wide, strict=True):
        half = width * size / AXIS / 2 + 8
        middle = min(max(frame.x(tick.at), half), WIDTH - half)
        canvas.words(middle, PLOT_BOTTOM + 54, tick.label, size, GREY, chart.language, anchor="middle")


def _legend_marks(canvas: Canvas, chart: Chart) -> list[tuple[float, float, str, float]]:
    """The legend's shapes in two columns, each before its words: right of them where lines run from right to left. Returns where
    the words go: they are written when all shapes are drawn."""
    rtl = chart.language in RIGHT_TO_LEFT
    column = (WIDTH - 2 * EDGES) / 2
    words: list[tuple[float, float, str, float]] = []
    for index, (mark, text) in enumerate(chart.legend[:4]):
        row, place = divmod(index, 2)
        x = EDGES + ((2 - place) * column - 44 if rtl else place * column)
        y = 1176 + row * 64
        if mark == "band":
            canvas.box(x, y - 18, x + 44, y + 18, EDGE)
            canvas.box(x + 3, y - 15, x + 41, y + 15, SHADE)
        else:
            canvas.mark(x + 22, y, mark, 16)
        words.append((x - 18 if rtl else x + 62, y + 11, text, column - 78))
    return words


def _tile(index: int, count: int) -> tuple[float, float]:
    """Left and right edge of one of the figures' boxes."""
    gap = 20
    width = (WIDTH - 2 * EDGES - gap * (count - 1)) / count
    left = EDGES + index * (width + gap)
    return left, left + width
