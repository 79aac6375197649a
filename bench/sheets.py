"""What every script looks like in our pictures, to be looked at: a letter beside its place is no error to a program.

``python -m bench.sheets FOLDER`` draws a chart and a page in each language (smaller in ``sheets``, for ``docs/sheets``), and
``languages.png``, all charts on one picture; of the phones that are in the folder already, six on ``gallery.png``.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from agents.health_insights.picture.order import Order
from agents.health_insights.picture.work import make
from tests.agents.health_insights.drawn import a_chart, a_page
from tests.agents.health_insights.phrases import LANGUAGES

COLUMNS, TILE, COLOURS = 5, 432, 48  # of the contact sheet: charts in a row, their width in pixels, colours
PHONES = ("hi-6-reading", "ta-4-allowed", "bn-3-questions", "ur-6-reading", "or-8-emergency", "de-5-menu")
PHONE, GAP = (273, 591), 8
PAGE_SCALE = 2.6  # pixels a point
MARGIN = 40  # pixels of paper that stay below the last line
KEPT_WIDTH, KEPT_COLOURS = 1440, 40  # of a sheet in the documentation


def sheet(language: str) -> Image.Image:
    """The chart and, beside it and as high, what is printed on the page."""
    chart = Image.open(BytesIO(make(Order(chart=a_chart(language))))).convert("RGB")
    page = pypdfium2.PdfDocument(make(Order(page=a_page(language))))[0].render(scale=PAGE_SCALE).to_pil().convert("RGB")
    used = ImageChops.invert(page).getbbox() or (0, 0, *page.size)
    page = page.crop((0, 0, page.width, min(used[3] + MARGIN, page.height)))
    chart = chart.resize((chart.width * page.height // chart.height, page.height), Image.Resampling.LANCZOS)
    both = Image.new("RGB", (chart.width + page.width, page.height), "white")
    both.paste(chart, (0, 0))
    both.paste(page, (chart.width, 0))
    return both


def kept(both: Image.Image) -> Image.Image:
    """A sheet for the documentation: large enough to read, small enough to keep."""
    size = (KEPT_WIDTH, both.height * KEPT_WIDTH // both.width)
    return both.resize(size, Image.Resampling.LANCZOS).quantize(KEPT_COLOURS, Image.Quantize.FASTOCTREE)


def contact(charts: list[Image.Image]) -> Image.Image:
    """All of them on one picture, small and in few colours."""
    small = [one.resize((TILE, one.height * TILE // one.width), Image.Resampling.LANCZOS) for one in charts]
    rows = [small[start : start + COLUMNS] for start in range(0, len(small), COLUMNS)]
    height = max(one.height for one in small)
    whole = Image.new("RGB", (COLUMNS * TILE, len(rows) * height), "white")
    for down, row in enumerate(rows):
        for across, one in enumerate(row):
            whole.paste(one, (across * TILE, down * height))
    return whole.quantize(COLOURS)


def phones(folder: Path) -> Image.Image | None:
    """Six of the pictures of ``tests.browser.gallery``, side by side."""
    files = [folder / f"{name}.png" for name in PHONES]
    if not all(file.is_file() for file in files):
        return None
    whole = Image.new("RGB", (len(files) * (PHONE[0] + GAP) - GAP, PHONE[1]), "white")
    for place, file in enumerate(files):
        whole.paste(Image.open(file).convert("RGB").resize(PHONE, Image.Resampling.LANCZOS), (place * (PHONE[0] + GAP), 0))
    return whole.quantize(2 * COLOURS)


def main(folder: Path) -> None:
    (folder / "sheets").mkdir(parents=True, exist_ok=True)
    charts = []
    for language in LANGUAGES:
        both = sheet(language)
        both.save(folder / f"sheet-{language}.png", optimize=True)
        kept(both).save(folder / "sheets" / f"{language}.png", optimize=True)
        charts.append(Image.open(BytesIO(make(Order(chart=a_chart(language))))).convert("RGB"))
    contact(charts).save(folder / "languages.png", optimize=True)
    if (six := phones(folder)) is not None:
        six.save(folder / "gallery.png", optimize=True)
    print(f"{folder}: sheets of {len(LANGUAGES)} languages, and languages.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
