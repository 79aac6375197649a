"""The spreadsheet door: all texts as a table for people without a PO tool, and back with guard rails.

Nothing in a table can erase a text, invent a key or change a source; cells that a spreadsheet would run as a formula are
written with an apostrophe before them, and such cells that come back without are refused.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from babel.messages.catalog import Message
from msgspec import Struct, structs

from bot.dialogue.content import Content
from bot.dialogue.folding import placeholders
from bot.dialogue.graphemes import length
from bot.handwritten.finding import Finding, Unreadable
from bot.i18n.back import MARK, back_of, one_line
from bot.i18n.budget import budget_of
from bot.i18n.notes import context
from bot.i18n.placeholders import placeholder_notes
from bot.i18n.state import state_of

FIXED = ("key", "source", "note", "clinical", "budget", "placeholders")
LIMIT = 20_000_000  # bytes of a table
ROWS = 50_000
CELL = 4096  # characters of a back-translation
Row = tuple[int, dict[str, str]]  # the line that it begins on, and its cells by their heads
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_BROKEN = re.compile(r"#(NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!)$")


class Proposal(Struct, frozen=True):
    """What one cell would do; ``back``: it is a back-translation. ``why`` tells of a refusal."""

    line: int
    language: str
    key: str
    kind: Literal["new", "changed", "confirmed", "refused"]
    old: str
    new: str
    why: str = ""
    back: bool = False


def shield(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unshield(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def table(content: Content, books: Mapping[str, Mapping[str, Message]]) -> list[list[str]]:
    """The head, and one row a text: for each language its translation, its state, and what it says in English again.

    ``ok`` as state confirms a fuzzy one."""
    rows = [[*FIXED, *(head for language in books for head in (language, f"{language} state", f"{language} {MARK}"))]]
    for key in sorted(content.keys):
        written = content.keys[key]
        note = "\n".join(filter(None, (written.note, context(key, content.keys, content.flows))))
        row = [key, written.source, note, "yes" if written.clinical else "", budget_of(key, content.flows).told()]
        row.append("\n".join(placeholder_notes(written.source, key.partition(".")[0], written.meant)))
        for known in books.values():
            message = known.get(key)
            current = message is not None and message.id == written.source
            row += [str(message.string or "") if message is not None and current else "", state_of(message, written)]
            row.append(back_of(message))
        rows.append(row)
    return rows


def to_csv(content: Content, books: Mapping[str, Mapping[str, Message]]) -> str:
    """The table as CSV, with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows([shield(cell) for cell in row] for row in table(content, books))
    return "\ufeff" + out.getvalue()


def read_csv(raw: bytes, name: str) -> list[Row]:
    """The rows of a CSV table with the lines that they begin on. Raises Unreadable."""
    if len(raw) > LIMIT:
        raise _unreadable(name, 1, "the table is larger than 20 MB", "export it again and fill in only the translations")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _unreadable(name, line, "the table is not UTF-8 text", "save it as 'CSV UTF-8'") from error
    if "\0" in text:
        raise _unreadable(name, 1, "the table is not UTF-8 text", "save it as 'CSV UTF-8'")
    return headed(name, _csv_rows(text, name))


def _csv_rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in rows:
            yield line, cells
            line = rows.line_num + 1
    except csv.Error as error:
        raise _unreadable(name, line, f"the table cannot be read: {error}", "check the quotes in this row") from error


def headed(name: str, rows: Iterable[tuple[int, list[str]]]) -> list[Row]:
    """Rows by the names in the first of them. Raises Unreadable."""
    ahead = iter(rows)
    heads = [cell.strip() for cell in next(ahead, (1, list[str]()))[1]]
    if missing := [needed for needed in ("key", "source") if needed not in heads]:
        raise _unreadable(name, 1, f"the table has no column '{missing[0]}'", "keep the first line as it was exported")
    if len(set(filter(None, heads))) < len(list(filter(None, heads))):
        raise _unreadable(name, 1, "two columns have the same name", "keep the first line as it was exported")
    found: list[Row] = []
    for line, cells in ahead:
        if any(cell.strip() for cell in cells):
            found.append((line, dict(zip(heads, cells, strict=False))))
        if len(found) > ROWS:
            raise _unreadable(name, line, f"the table has more than {ROWS} rows", "split it")
    return found


def proposals(
    content: Content,
    books: Mapping[str, Mapping[str, Message]],
    rows: Iterable[tuple[int, Mapping[str, str]]],
    languages: Sequence[str],
) -> list[Proposal]:
    """What the rows would change in the catalogues of ``languages``, which are up to date: they have every key.

    A blank cell and an equal one change nothing.
    """
    found: list[Proposal] = []
    seen: dict[str, int] = {}
    for line, row in rows:
        key = unshield(row.get("key", "").strip())
        for language in languages:
            for one in (_of_text(content, books, line, key, row, language), _of_back(content, books, line, key, row, language)):
                if one is None:
                    continue
                if key in seen:
                    one = structs.replace(one, kind="refused", why=f"the key stands on line {seen[key]} already")
                found.append(one)
        seen.setdefault(key, line)
    return found


Books = Mapping[str, Mapping[str, Message]]
Cells = Mapping[str, str]


def _of_text(content: Content, books: Books, line: int, key: str, row: Cells, language: str) -> Proposal | None:
    cell, state = _clean(unshield(row.get(language) or "")), (row.get(f"{language} state") or "").strip().casefold()
    message = books[language].get(key)
    old = _clean(str(message.string or "")) if message is not None else ""
    fuzzy = message is not None and message.fuzzy
    if not cell or (cell == old and not (state == "ok" and fuzzy)):
        return None
    why = _refusal(content, key, row, cell, raw=row.get(language) or "")
    kind: Literal["new", "changed", "confirmed"] = "confirmed" if cell == old else "changed" if old else "new"
    return Proposal(line, language, key, "refused" if why else kind, old, cell, why)


def _of_back(content: Content, books: Books, line: int, key: str, row: Cells, language: str) -> Proposal | None:
    """As blind to what is blank or equal as a translation; its placeholders and its length are nobody's matter."""
    raw = row.get(f"{language} {MARK}") or ""
    message, cell = books[language].get(key), one_line(_clean(unshield(raw)))
    old = one_line(back_of(message))
    if not cell or cell == old:
        return None
    written = content.keys.get(key)
    if written is None or message is None:
        why = "there is no text with this key; keys are fixed"
    elif not (message.string or _clean(unshield(row.get(language) or ""))):
        why = "there is no translation that it could be of"
    else:
        why = _unsafe(raw, cell, written.source) or (f"it has more than {CELL} characters" if len(cell) > CELL else "")
    return Proposal(line, language, key, "refused" if why else "changed" if old else "new", old, cell, why, back=True)


def _refusal(content: Content, key: str, row: Mapping[str, str], cell: str, *, raw: str) -> str:
    """Why a cell cannot be taken; empty when it can."""
    written = content.keys.get(key)
    if written is None:
        return "there is no text with this key; keys are fixed"
    if _clean(unshield(row.get("source") or "")) != _clean(written.source):
        return "the source text is not the present one; it was edited here, or changed since the export"
    if why := _unsafe(raw, cell, written.source):
        return why
    if placeholders(cell) != placeholders(written.source):
        wanted = ", ".join(sorted(placeholders(written.source))) or "none"
        return f"its placeholders differ; the source has: {wanted}"
    most = budget_of(key, content.flows).most
    return f"it has {length(cell)} characters; at most {most} are shown" if length(cell) > most else ""


def _unsafe(raw: str, cell: str, source: str) -> str:
    """What no cell may hold, whatever it is for."""
    if _FORMULA.match(raw) and not raw.startswith("'") and not _FORMULA.match(source):
        return "it begins like a formula; write an apostrophe before it if that is meant"
    if _BROKEN.match(cell):
        return "the spreadsheet put an error here"
    if any(unicodedata.category(char) == "Cc" and char != "\n" for char in cell):
        return "it contains control characters"
    return ""


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _unreadable(name: str, line: int, message: str, remedy: str) -> Unreadable:
    return Unreadable([Finding("sheet", name, line, 1, message, remedy)])
