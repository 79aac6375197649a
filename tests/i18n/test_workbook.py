"""The spreadsheet door as an Excel workbook: it goes out and comes back whole, and nothing that it hides does us harm."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import Result
from python_calamine import CalamineWorkbook

from bot.handwritten.finding import Unreadable
from bot.i18n.workbook import UNPACKED, read_xlsx
from tests.i18n.desk import Desk, entry

GREET = "hello.greet.say"
PRAISE = "log_glucose.praise.say"
Cell = str | float | bool
Rows = list[list[Cell]]


class Workbook:
    """An exported workbook, filled in by a person with another program."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.path = desk.folder / "texts.xlsx"
        assert desk.run("export", str(self.path)).exit_code == 0
        sheet = CalamineWorkbook.from_path(self.path).get_sheet_by_index(0)
        heads, *rows = [[str(cell) for cell in row] for row in sheet.to_python()]
        self.heads = heads
        self.rows: Rows = [list(row) for row in rows]

    def put(self, key: str, column: str, cell: Cell) -> None:
        next(row for row in self.rows if row[0] == key)[self.heads.index(column)] = cell

    def bring_back(self, *options: str) -> Result:
        self.path.write_bytes(made([list[Cell](self.heads), *self.rows]))
        return self.desk.run("import", str(self.path), *options)


def made(rows: Rows, **more: str) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            (sheet.write_string if isinstance(cell, str) else sheet.write)(number, column, cell)
    for place, formula in more.items():
        sheet.write_formula(place, formula)
    book.close()
    return out.getvalue()


def repacked(raw: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with something else in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            content = before.read(info)
            if info.filename == part:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(info.filename, content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
GOOD: Rows = [["key", "source", "hi"], ["a", "b", "c"]]


@pytest.fixture
def workbook(desk: Desk) -> Workbook:
    return Workbook(desk)


def test_a_workbook_that_comes_back_as_it_went_changes_nothing(workbook: Workbook) -> None:
    before = workbook.desk.po()
    untouched = workbook.desk.run("import", str(workbook.path), "--apply")
    assert untouched.output == f"0 changes, 0 refused, {len(workbook.rows)} rows\n"
    assert workbook.bring_back("--apply").output == untouched.output
    assert workbook.desk.po() == before


def test_a_change_is_shown_first_and_written_only_when_asked(workbook: Workbook) -> None:
    before = workbook.desk.po()
    workbook.put(GREET, "hi", "- नमस्ते जी")  # begins like a formula, and is text
    shown = workbook.bring_back()
    assert "+ '- नमस्ते जी'" in shown.output
    assert workbook.desk.po() == before
    assert workbook.bring_back("--apply").exit_code == 0
    assert 'msgstr "- नमस्ते जी"' in entry(workbook.desk.po(), GREET)


def test_a_blank_cell_never_erases_and_keys_and_sources_are_fixed(workbook: Workbook) -> None:
    before = workbook.desk.po()
    for row in workbook.rows:
        row[workbook.heads.index("hi")] = ""
    assert workbook.bring_back("--apply").output.startswith("0 changes")
    workbook.put(GREET, "hi", "नमस्ते जी")
    workbook.put(GREET, "source", "Hello!")
    refused = workbook.bring_back("--apply")
    assert refused.exit_code == 1
    assert "the source text is not the present one" in refused.output
    assert workbook.desk.po() == before


def test_a_number_is_read_as_the_word_that_was_typed(workbook: Workbook) -> None:
    workbook.put(GREET, "hi", 112.0)
    assert "+ '112'" in workbook.bring_back().output


def test_only_translations_can_be_edited_and_nothing_is_a_formula(desk: Desk) -> None:
    desk.edit_flow("hello", "say:", 'footer: "=1+2"\n    say:')
    path = desk.folder / "texts.xlsx"
    assert desk.run("export", str(path)).exit_code == 0
    with zipfile.ZipFile(path) as archive:
        sheet, styles = archive.read(SHEET).decode(), archive.read("xl/styles.xml").decode()
        strings = archive.read("xl/sharedStrings.xml").decode()
    assert "<sheetProtection" in sheet
    assert "<f>" not in sheet
    assert "=1+2" in strings
    own = styles.split("<cellXfs", 1)[1].split("</cellXfs>")[0].split("<xf ")[1:]
    [unlocked] = [index for index, style in enumerate(own) if 'locked="0"' in style]
    second = re.findall(r'<c r="([A-Z])2" s="(\d+)"', sheet)
    assert [column for column, style in second if int(style) == unlocked] == ["G", "H", "I"]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"PK\x03\x04 nothing more", "is no Excel workbook"),
        (b"", "is no Excel workbook"),
        (made([["key", "hi"], ["a", "b"]]), "no column 'source'"),
        (made([["key", "source", "hi", "hi"]]), "two columns have the same name"),
        (made(GOOD, C2='=HYPERLINK("http://x")'), "1-9"),
        (repacked(made(GOOD), SHEET, b'<c r="A2"', b'<c r="XFD2"'), "XFD2 is far outside"),
        (repacked(made(GOOD), SHEET, b'<c r="A2"', b'<c r="A1048576"'), "A1048576 is far outside"),
        (repacked(made(GOOD), SHEET, b'<row r="2"', b'<row r="1048576"'), "more than 50000 rows"),
        (repacked(made(GOOD), SHEET, b"<worksheet", b'<!DOCTYPE x [<!ENTITY y "z">]><worksheet'), "no spreadsheet writes"),
        (repacked(made(GOOD), SHEET, b"<sheetData>", b"<sheetData"), "cannot be read"),
    ],
    ids=["cut off", "empty", "no source", "twice", "formula", "far right", "far down", "far row", "entities", "broken"],
)
def test_a_bad_workbook_is_one_clear_line(raw: bytes, words: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_xlsx(raw, "t.xlsx")
    if words == "1-9":
        assert "t.xlsx:2:1: the cell C2 has a formula; write the words themselves" in str(caught.value)
    else:
        assert words in str(caught.value)


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<" * (UNPACKED + 1))
    honest = out.getvalue()
    size = (UNPACKED + 1).to_bytes(4, "little")
    lying = honest.replace(size, (1000).to_bytes(4, "little"))
    assert lying != honest
    for raw in (honest, lying):
        tracemalloc.start()
        try:
            with pytest.raises(Unreadable, match=r"far larger unpacked|is no Excel workbook"):
                read_xlsx(raw, "t.xlsx")
            assert tracemalloc.get_traced_memory()[1] < 5_000_000
        finally:
            tracemalloc.stop()


def test_many_parts_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(300):
            archive.writestr(f"xl/{number}.xml", b"x")
    with pytest.raises(Unreadable, match="far larger"):
        read_xlsx(out.getvalue(), "t.xlsx")
