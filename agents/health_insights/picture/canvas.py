"""A picture for a phone: words in any script at a place, and shapes with smooth edges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Literal

from PIL import Image, ImageDraw

from agents.health_insights.picture.chart import Mark
from agents.health_insights.picture.letters import Ink, ink

Colour = tuple[int, int, int]
Anchor = Literal["left", "middle", "right"]

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (26, 26, 26)
GREY: Colour = (90, 90, 90)
LINE: Colour = (150, 160, 168)
PALE: Colour = (222, 222, 222)
TILE: Colour = (243, 245, 247)
# Okabe and Ito's palette, told apart with any colour vision, and by lightness too; the shape says it once more.
SHADE: Colour = (214, 236, 248)
EDGE: Colour = (86, 180, 233)
MARKS: dict[Mark, Colour] = {"in": (0, 114, 178), "high": (213, 94, 0), "low": (110, 20, 90)}
SMOOTH = 2  # shapes are drawn so many times larger and made smaller
BLENDS = 7  # shades of a smooth edge between what is drawn and what lies behind


class Canvas:
    """Draws on one image. Shapes first, on a larger one; ``words`` afterwards, at their own size."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._large: Image.Image | None = Image.new("RGB", (width * SMOOTH, height * SMOOTH), WHITE)
        self._pen = ImageDraw.Draw(self._large)
        self._image: Image.Image | None = None

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour, radius: float = 0) -> None:
        place = [value * SMOOTH for value in (left, top, right, bottom)]
        self._pen.rounded_rectangle(place, radius * SMOOTH, fill=colour)

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, width: float) -> None:
        if len(points) > 1:
            place = [(x * SMOOTH, y * SMOOTH) for x, y in points]
            self._pen.line(place, fill=colour, width=round(width * SMOOTH), joint="curve")

    def mark(self, x: float, y: float, mark: Mark, size: float) -> None:
        """A circle within, a triangle above pointing up, one below pointing down; each with a white rim."""
        for colour, reach in ((WHITE, size * 1.3), (MARKS[mark], size)):
            across, down, half = x * SMOOTH, y * SMOOTH, reach * SMOOTH
            if mark == "in":
                self._pen.ellipse([across - half, down - half, across + half, down + half], fill=colour)
                continue
            tip = -1 if mark == "high" else 1
            half *= 1.2
            corners = [
                (across, down + tip * half),
                (across - half, down - tip * half * 0.75),
                (across + half, down - tip * half * 0.75),
            ]
            self._pen.polygon(corners, fill=colour)

    def words(
        self, x: float, y: float, text: str, size: float, colour: Colour, language: str, *, bold: bool = False,
        anchor: Anchor = "left", within: float | None = None,
    ) -> int:  # fmt: skip
        """Write one line with its baseline at ``y``; smaller when it would be wider than ``within``. Returns its width."""
        line = fitted(text, size, language, bold=bold, within=within)
        start = x if anchor == "left" else x - line.width if anchor == "right" else x - line.width / 2
        if line.mask is not None:
            self._flat().paste(colour, (round(start) + line.left, round(y) + line.top), line.mask)
        return line.width

    def png(self) -> bytes:
        out = BytesIO()
        small = self._flat().quantize(palette=_palette(), dither=Image.Dither.NONE)
        small.save(out, "PNG", compress_level=7)
        return out.getvalue()

    def _flat(self) -> Image.Image:
        if self._image is None:
            assert self._large is not None  # noqa: S101 (it is there until this very moment)
            self._image, self._large = self._large.reduce(SMOOTH), None
        return self._image


@cache
def _palette() -> Image.Image:
    """Our colours and the shades between them: always the same, so that a pale ground is never lost, and the file stays light."""
    found: dict[Colour, None] = {}
    for ground in (WHITE, SHADE, TILE):
        for colour in (ground, BLACK, GREY, LINE, PALE, EDGE, *MARKS.values()):
            for step in range(BLENDS + 1):
                red, green, blue = (
                    round(there + (here - there) * step / BLENDS) for here, there in zip(colour, ground, strict=True)
                )
                found.setdefault((red, green, blue))
    colours = list(found)[:256]
    image = Image.new("P", (1, 1))
    image.putpalette([part for colour in colours for part in colour])
    return image


def fitted(text: str, size: float, language: str, *, bold: bool = False, within: float | None = None) -> Ink:
    """The line, at most ``within`` wide."""
    line = ink(text, size, language, bold=bold)
    if within is None or line.width <= within:
        return line
    return ink(text, size * within / line.width, language, bold=bold)
