"""Prints a page as a PDF of one sheet (A4), with letters, not pictures of letters.

Every run of one script is set with its own font by its own call: the library's automatic fallback fonts lose track of the
font in use. The sheet is set again, smaller, when it does not fit: what the doctor gets is one sheet.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

from fpdf import FPDF
from fpdf.enums import TextMode
from fpdf.fonts import TTFFont

from agents.health_insights.picture.chart import RIGHT_TO_LEFT
from agents.health_insights.picture.draw import draw
from agents.health_insights.picture.letters import FONTS, LATIN_BOLD, SMALLER, runs, width_of
from agents.health_insights.picture.page import Page, Section

EDGE = 15.0  # mm
SIZES = (1.0, 0.86, 0.72, 0.6)  # tried in turn until it fits
CHART_WIDTH = 80.0
CHART_SHAPE = 1350 / 1080
TITLE, HEADING, WORDS, NOTES = 19.0, 12.5, 10.5, 8.5  # pt
LEADING = 0.5  # mm from baseline to baseline for a point of size
VALUES = 0.6  # where the values of rows begin, as a share of the room
Colour = tuple[int, int, int]
GREY: Colour = (90, 90, 90)
BLACK: Colour = (20, 20, 20)
MM = 72 / 25.4  # points
BOLDER = 0.014  # width of the stroke around letters whose script has no bold font here, as a share of the size


def print_page(page: Page) -> bytes:
    """The bytes of a PDF with one page."""
    for size in SIZES:
        sheet = _Sheet(page, size)
        try:
            if sheet.below <= sheet.h - EDGE or size == SIZES[-1]:
                return bytes(sheet.output())
        finally:
            sheet.close_fonts()
    raise AssertionError("the smallest size is always taken")


class _Sheet(FPDF):
    """``below`` is where the writing ended, which may be under the sheet's edge."""

    def __init__(self, page: Page, size: float) -> None:
        super().__init__(format="A4")
        self._size, self._language, self._rtl = size, page.language, page.language in RIGHT_TO_LEFT
        self.below = EDGE
        self.set_auto_page_break(False)
        self.c_margin = 0
        self.set_title(page.title)
        self.set_lang(page.language)
        self.set_creator("ProCare")
        self.set_creation_date(datetime.fromtimestamp(page.made, UTC))
        self.add_page()
        self._write(page)

    def close_fonts(self) -> None:
        """The library leaves their files open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _write(self, page: Page) -> None:
        left, right = EDGE, self.w - EDGE
        self._paragraph(page.title, TITLE, left, right, bold=True)
        self._paragraph(page.subtitle, WORDS, left, right, colour=GREY)
        self.below += 4 * self._size
        under_chart = self.below
        if page.chart:
            width = CHART_WIDTH * self._size
            x = left if self._rtl else right - width
            self.image(BytesIO(draw(page.chart)), x=x, y=self.below, w=width)
            under_chart += width * CHART_SHAPE + 5
            left, right = (left + width + 8, right) if self._rtl else (left, right - width - 8)
        for section in page.sections:
            if self.below >= under_chart:
                left, right = EDGE, self.w - EDGE
            self._section(section, left, right)
        self.below = max(self.below, under_chart)
        for note in page.notes:
            self._paragraph(note, NOTES, EDGE, self.w - EDGE, colour=GREY)

    def _section(self, section: Section, left: float, right: float) -> None:
        self._paragraph(section.heading, HEADING, left, right, bold=True)
        share = min((right - left) * VALUES, 57.0)
        for row in section.rows:
            height = WORDS * LEADING * self._size * (1.25 if self._rtl else 1.1)
            self.below += height
            label, value = ((right, "right"), (right - share, "right")) if self._rtl else ((left, "left"), (left + share, "left"))
            self._put(row.label, WORDS, label[0], self.below, GREY, within=share - 2, right=self._rtl)
            self._put(row.value, WORDS, value[0], self.below, BLACK, within=right - left - share, right=self._rtl)
        for line in section.lines:
            self._paragraph(line, WORDS, left, right)
        self.below += 4 * self._size

    def _paragraph(
        self, text: str, size: float, left: float, right: float, *, bold: bool = False, colour: Colour = BLACK
    ) -> None:
        for line in self._lines(text, size * self._size, right - left, bold):
            self.below += size * LEADING * self._size * (1.3 if self._rtl else 1.1)
            self._put(line, size, right if self._rtl else left, self.below, colour, right=self._rtl, bold=bold)

    def _lines(self, text: str, size: float, room: float, bold: bool) -> Iterator[str]:
        line = ""
        for word in text.split(" "):  # a number is not parted from its unit
            longer = f"{line} {word}" if line else word
            if line and self._width(longer, size, bold) > room:
                yield line
                line = word
            else:
                line = longer
        yield line

    def _put(
        self, text: str, size: float, x: float, y: float, colour: Colour, *,
        right: bool = False, bold: bool = False, within: float | None = None,
    ) -> None:  # fmt: skip
        """One line with its baseline at ``y``; smaller when it would be wider than ``within``."""
        size *= self._size
        width = self._width(text, size, bold)
        if within is not None and width > within:
            size, width = size * within / width, within
        x = x - width if right else x
        for part, name, rtl in runs(text, self._language, bold=bold):
            self._choose(name, size, rtl)
            heavier = bold and name != LATIN_BOLD
            mode = TextMode.FILL_STROKE if heavier else TextMode.FILL
            with self.local_context(text_mode=mode, line_width=size * BOLDER / MM, draw_color=colour, text_color=colour):
                wide = width_of(part, size / MM, self._language, bold=bold)
                self.set_xy(x, y - 0.8 * self.font_size)  # a cell's baseline lies so far below its top
                self.cell(wide, self.font_size, part)
            x += wide

    def _width(self, text: str, size: float, bold: bool) -> float:
        return width_of(text, size / MM, self._language, bold=bold)

    def _choose(self, name: str, size: float, rtl: bool) -> None:
        if name.lower() not in self.fonts:
            self.add_font(name, "", FONTS / f"{name}.ttf")
        self.set_font(name, size=size * SMALLER.get(name, 1.0))
        self.set_text_shaping(use_shaping_engine=True, direction="rtl" if rtl else "ltr", language=self._language)
