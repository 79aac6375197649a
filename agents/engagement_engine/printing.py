"""A person's copy as a PDF: their readings as a table, and all their data inside as JSON, for programs.

Only numbers and the names of kinds stand on its pages: no font is needed for the words of every language, they are in the JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

LINES: Final = 60  # of one page
MOST: Final = 6000  # rows; the JSON has all


def print_copy(readings: Sequence[Mapping[str, Any]], data: bytes, fhir: bytes | None, zone: str, at: float) -> bytes:
    """The same data made again is the same file."""
    from fpdf import FPDF  # a fifth of a second, which only who asks for a copy should wait for

    page = FPDF(format="A4")
    page.set_creation_date(datetime.fromtimestamp(at, UTC))
    page.set_auto_page_break(auto=False)
    page.embed_file(bytes=data, basename="data.json", mime_type="application/json")
    if fhir is not None:
        page.embed_file(bytes=fhir, basename="fhir.json", mime_type="application/json")
    rows = [_row(one, zone) for one in readings[:MOST] if not one.get("withdrawn")]
    for start in range(0, max(1, len(rows)), LINES):
        page.add_page()
        page.set_font("Helvetica", "B", 11)
        page.cell(0, 7, "ProCare", new_x="LMARGIN", new_y="NEXT")
        page.set_font("Courier", "", 8)
        for row in rows[start : start + LINES]:
            page.cell(0, 4.3, row, new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())


def _row(reading: Mapping[str, Any], zone: str) -> str:
    at = datetime.fromtimestamp(float(reading["at"]), ZoneInfo(zone))
    text = f"{at:%Y-%m-%d %H:%M}  {reading['kind']:<16}{float(reading['value']):>8g}  {reading.get('context') or ''}"
    return text.encode("ascii", "replace").decode()
