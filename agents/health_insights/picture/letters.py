"""Letters of every script: which font has them, how HarfBuzz shapes them, and their ink as a mask.

Conjuncts, vowel signs and joined letters need shaping; right-to-left text needs its order. Both work without any library of
the operating system: HarfBuzz comes in a wheel and rasterises what it shaped.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import uharfbuzz as hb
from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection
from PIL import Image

from agents.health_insights.picture.chart import RIGHT_TO_LEFT

FONTS = Path(__file__).parent / "fonts"
LATIN, LATIN_BOLD = "NotoSans-Regular", "NotoSans-Bold"
SCRIPTS: dict[str, tuple[int, int]] = {  # the fonts of other scripts and the block each of them is for
    "NotoSansDevanagari-Regular": (0x0900, 0x097F), "NotoSansBengali-Regular": (0x0980, 0x09FF),
    "NotoSansGurmukhi-Regular": (0x0A00, 0x0A7F), "NotoSansGujarati-Regular": (0x0A80, 0x0AFF),
    "NotoSansOriya-Regular": (0x0B00, 0x0B7F), "NotoSansTamil-Regular": (0x0B80, 0x0BFF),
    "NotoSansTelugu-Regular": (0x0C00, 0x0C7F), "NotoSansKannada-Regular": (0x0C80, 0x0CFF),
    "NotoSansMalayalam-Regular": (0x0D00, 0x0D7F), "NotoNastaliqUrdu-Regular": (0x0600, 0x06FF),
}  # fmt: skip
MARKS_OF_DIRECTION = "\u061c\u200e\u200f\u2066\u2067\u2068\u2069"  # of a line of two directions; they have no shape
_UNSEEN = dict.fromkeys(map(ord, MARKS_OF_DIRECTION))
JOINERS = "\u200c\u200d"  # belong to the letters around them
DANDAS = "\u0964\u0965"  # shared by the scripts of India, so each of their fonts has them
SMALLER = {"NotoNastaliqUrdu-Regular": 0.85}  # its words hang on a slope: at the size of others they need twice the height
BOLDER = 0.022  # of the size; other scripts have one weight here


class Ink(NamedTuple):
    """The mask of a line (None: nothing to see), where it lies beside the start on the baseline, and how far the pen goes."""

    mask: Image.Image | None
    left: int
    top: int
    width: int


class _Glyph(NamedTuple):
    font: Any
    id: int
    scale: float
    x: float
    y: float


def ink(text: str, size: float, language: str = "en", *, bold: bool = False) -> Ink:
    """Shape and rasterise one line."""
    pen = hb.RasterDraw()
    glyphs, width = _shaped(text, size, language, bold)
    for glyph in glyphs:
        wide = BOLDER if bold and glyph.font is not _font(LATIN_BOLD)[0] else 0.0
        glyph.font.synthetic_bold = (wide, wide, True)
        pen.transform = (glyph.scale, 0, 0, glyph.scale, glyph.x, glyph.y)
        pen.draw_glyph(glyph.font, glyph.id)
    return _rendered(pen, round(width))


def width_of(text: str, size: float, language: str = "en", *, bold: bool = False) -> float:
    """Of one line, in the unit of ``size``."""
    return _shaped(text, size, language, bold)[1]


def _shaped(text: str, size: float, language: str, bold: bool) -> tuple[list[_Glyph], float]:
    """The shapes of a line with their places, and where the pen ends."""
    found: list[_Glyph] = []
    x = 0.0
    for part, font_name, rtl in runs(text, language, bold=bold):
        font, upem = _font(font_name)
        scale = size * SMALLER.get(font_name, 1.0) / upem
        buffer = hb.Buffer()
        buffer.add_str(part)
        buffer.guess_segment_properties()
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.language = language
        hb.shape(font, buffer)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            found.append(_Glyph(font, info.codepoint, scale, x + place.x_offset * scale, place.y_offset * scale))
            x += place.x_advance * scale
    return found, x


def runs(text: str, language: str, *, bold: bool = False) -> list[tuple[str, str, bool]]:
    """The parts of a line from left to right: text, name of its font, whether it runs from right to left."""
    found: list[tuple[str, str, bool]] = []
    for part, rtl in _in_sight(text, language):
        pieces: list[tuple[str, str]] = []
        for letter in part:
            name = _font_of(letter, bold=bold, before=pieces[-1][1] if pieces else None)
            if pieces and pieces[-1][1] == name:
                pieces[-1] = (pieces[-1][0] + letter, name)
            else:
                pieces.append((letter, name))
        found.extend((piece, name, rtl) for piece, name in (reversed(pieces) if rtl else pieces))
    return found


def lacking(text: str) -> str:
    """The letters that none of the fonts has."""
    seen = "".join(letter for letter in text.translate(_UNSEEN) if letter not in JOINERS)
    return "".join(letter for letter in seen if ord(letter) not in _letters(_font_of(letter, bold=False, before=None)))


def _in_sight(text: str, language: str) -> list[tuple[str, bool]]:
    """Runs of one direction, from left to right."""
    if not any(0x0590 <= ord(letter) <= 0x08FF for letter in text):
        return [(text.translate(_UNSEEN), False)]  # an English line on an Urdu page is an English line
    base = TextDirection.RTL if language in RIGHT_TO_LEFT else TextDirection.LTR
    parts = [
        (part.translate(_UNSEEN), direction is TextDirection.RTL)
        for part, direction in BidiParagraph(text, base).get_bidi_fragments()
    ]
    return parts[::-1] if base is TextDirection.RTL else parts


def _font_of(letter: str, *, bold: bool, before: str | None) -> str:
    if before in SCRIPTS and (letter in JOINERS or letter in DANDAS):
        return before
    code = ord(letter)
    for name, (first, last) in SCRIPTS.items():
        if first <= code <= last:
            return name
    return LATIN_BOLD if bold else LATIN


@cache
def _font(name: str) -> tuple[Any, int]:
    face = hb.Face(hb.Blob.from_file_path(str(FONTS / f"{name}.ttf")))
    return hb.Font(face), face.upem


@cache
def _letters(name: str) -> frozenset[int]:
    return frozenset(_font(name)[0].face.unicodes)


def _rendered(pen: Any, width: int) -> Ink:
    image = pen.render()
    extents = image.extents if image is not None else None
    if extents is None or not extents.width or not extents.height:
        return Ink(None, 0, 0, width)
    size = (extents.width, extents.height)
    mask = Image.frombytes("L", size, image.buffer, "raw", "L", extents.stride, -1)  # rows come bottom to top
    return Ink(mask, extents.x_origin, -(extents.y_origin + extents.height), width)
