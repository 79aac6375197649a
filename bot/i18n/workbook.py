"""The spreadsheet door as an Excel workbook. Written, only translations can be edited; read, it is trusted with nothing.

A workbook is a zip of XML: it is unpacked within bounds and looked at before a library reads it. Formulas are refused.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

import xlsxwriter
from babel.messages.catalog import Message
from python_calamine import CalamineError, CalamineWorkbook

from bot.dialogue.content import Content
from bot.handwritten.finding import Finding, Unreadable
from bot.i18n.sheet import FIXED, LIMIT, ROWS, Row, headed, shield, table

UNPACKED = 60_000_000  # bytes of all parts of a workbook
PARTS = 200
PIECE = 65_536
COLUMNS = 200
WIDTHS = {"key": 34, "source": 60, "note": 30, "clinical": 9, "budget": 18, "placeholders": 40}
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']\s*([A-Za-z]{1,7})(\d{1,9})""")
_ROW = re.compile(rb"""<(?:\w+:)?row\b[^>]*?\br\s*=\s*["']\s*(\d{1,12})""")
_FORMULA = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\br\s*=\s*["']([A-Za-z]{1,7}\d{1,9})["'][^>]*>\s*<(?:\w+:)?f[\s/>]""")
_ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_EXCEL = "save it as an Excel workbook (.xlsx) without a password, or export it again"


def to_xlsx(content: Content, books: Mapping[str, Mapping[str, Message]]) -> bytes:
    """The workbook: one row a text, keys and sources locked, every cell plain text."""
    out = io.BytesIO()
    workbook = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = workbook.add_worksheet("texts")
    locked = workbook.add_format({"text_wrap": True, "valign": "top", "font_color": "#555555", "num_format": "@"})
    free = workbook.add_format({"text_wrap": True, "valign": "top", "locked": False, "num_format": "@"})
    bold = workbook.add_format({"bold": True, "num_format": "@"})
    for number, cells in enumerate(rows := table(content, books)):
        for column, cell in enumerate(cells):
            style = bold if number == 0 else locked if column < len(FIXED) else free
            sheet.write_string(number, column, cell, style)
    for column, head in enumerate(rows[0]):
        sheet.set_column(column, column, WIDTHS.get(head, 14 if head.endswith(" state") else 60))
    sheet.freeze_panes(1, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True, "sort": True})
    workbook.close()
    return out.getvalue()


def read_xlsx(raw: bytes, name: str) -> list[Row]:
    """The rows of a workbook's first sheet with their numbers, in the form of a CSV table. Raises Unreadable."""
    if len(raw) > LIMIT:
        raise _unreadable(name, 1, "the workbook is larger than 20 MB", "export it again and fill in only the translations")
    _look_into(raw, name)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        raise _unreadable(name, 1, "the workbook cannot be read", _EXCEL) from error
    return headed(name, ((number, [shield(_words(cell)) for cell in cells]) for number, cells in enumerate(rows, 1)))


def _look_into(raw: bytes, name: str) -> None:
    """Refuse bombs, formulas and sheets with cells far out, of which a reader would make a table of that size."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS or sum(part.file_size for part in parts) > UNPACKED:
                raise _unreadable(name, 1, "the workbook is far larger unpacked than a table of texts can be", "export it again")
            for part in parts:
                with archive.open(part) as opened:  # by pieces: a part that says less than its size is cut off, and refused
                    _look_at(b"".join(iter(lambda: opened.read(PIECE), b"")), name)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise _unreadable(name, 1, "the file is no Excel workbook", _EXCEL) from error


def _look_at(part: bytes, name: str) -> None:
    if part.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise _unreadable(name, 1, "the workbook has a part that no spreadsheet writes", _EXCEL)
    if b"sheetData" not in part:
        return
    if found := _FORMULA.search(part):
        raise _unreadable(name, _row(found[1]), f"the cell {found[1].decode()} has a formula", "write the words themselves")
    if _ANY_FORMULA.search(part):
        raise _unreadable(name, 1, "the workbook has a formula", "write the words themselves")
    if any(int(found[1]) > ROWS + 1 for found in _ROW.finditer(part)):
        raise _unreadable(name, ROWS + 1, f"the table has more than {ROWS} rows", "split it")
    for cell in _CELL.finditer(part):
        if int(cell[2]) > ROWS + 1 or _column(cell[1]) > COLUMNS:
            at = (cell[1] + cell[2]).decode()
            raise _unreadable(
                name, min(int(cell[2]), ROWS), f"the cell {at} is far outside of the table", "delete what stands there"
            )


def _row(cell: bytes) -> int:
    return int(cell.lstrip(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _words(cell: str | float | bool | date | datetime | time | timedelta) -> str:
    """A cell as the text that was typed; a spreadsheet likes to make numbers of words."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _unreadable(name: str, line: int, message: str, remedy: str) -> Unreadable:
    return Unreadable([Finding("sheet", name, line, 1, message, remedy)])
