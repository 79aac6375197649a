"""Reads a PO catalogue in the form in which catalogues are written, more than twice as fast as a general reader.

Babel reads everything else: plural forms, odd spacing, other character sets, and whatever is wrong, of which it tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_string

from msgspec import Struct

_LINE = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
_STRING = rf"({_LINE}(?:\n{_LINE})*)"
_MESSAGE = re.compile(rf"((?:#.*\n)*)(?:msgctxt {_STRING}\n)?msgid {_STRING}\nmsgstr {_STRING}")
_COMMENTS = re.compile(r"(?:#.*\n?)*")
_FUZZY = re.compile(r"^#,.*\bfuzzy\b", re.MULTILINE)
_CHARSET = re.compile(r"charset=(?!utf-?8\b)", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\trn\"])")
_MEANT = {"\\": "\\", "t": "\t", "r": "\r", "n": "\n", '"': '"'}


class Entry(Struct, frozen=True, gc=False):
    """One text: its key, its source, its translation (empty where there is none), and the line of its ``msgid``."""

    key: str
    source: str
    text: str
    fuzzy: bool
    line: int


class Plain(Struct, frozen=True):
    """All entries with a key, and the header's word on plural forms."""

    entries: list[Entry]
    plural_forms: str


def read_plain(text: str) -> Plain | None:
    """The entries of a catalogue; None when it is not of the plain form, or says something twice."""
    entries: list[Entry] = []
    seen: set[tuple[str | None, str]] = set()
    forms = ""
    for line, block in _blocks(text):
        if simple := _simple(block, line):
            if (simple.key, simple.source) in seen:
                return None
            seen.add((simple.key, simple.source))
            entries.append(simple)
            continue
        found = _MESSAGE.fullmatch(block)
        if found is None:
            if _COMMENTS.fullmatch(block):
                continue
            return None
        comments, key, source = found[1], found[2], _unquoted(found[3])
        if key is None and not source:
            header = _unquoted(found[4])
            if (line > 1 and entries) or _CHARSET.search(header):
                return None
            forms = str(message_from_string(header).get("Plural-Forms", ""))
            continue
        name = None if key is None else _unquoted(key)
        if (name, source) in seen or not source:
            return None
        seen.add((name, source))
        if name:
            at = line + comments.count("\n") + (found[2].count("\n") + 1)
            entries.append(Entry(name, source, _unquoted(found[4]), "fuzzy" in comments and _is_fuzzy(comments), at))
    return Plain(entries, forms)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """What stands between empty lines, with the number of its first line."""
    line = 1
    for block in text.split("\n\n"):
        if block and block[0] != "\n" != block[-1]:  # nearly all
            yield line, block
        elif bare := block.strip("\n"):
            yield line + len(block) - len(block.lstrip("\n")), bare
        line += block.count("\n") + 2


def _simple(block: str, line: int) -> Entry | None:
    """A message of one line each with nothing to unescape, as most are; to take it apart so takes a third of the time."""
    parts = block.rsplit("\n", 3)
    if len(parts) != 4 or "\\" in block:
        return None
    comments, *rest = parts
    key, source, text = rest[0][9:-1], rest[1][7:-1], rest[2][8:-1]
    if rest != [f'msgctxt "{key}"', f'msgid "{source}"', f'msgstr "{text}"'] or '"' in key or '"' in source or '"' in text:
        return None
    lines = comments.count("\n")
    if not key or not source or comments[0] != "#" or lines != comments.count("\n#"):
        return None
    return Entry(key, source, text, "fuzzy" in comments and _is_fuzzy(comments), line + lines + 2)


def _is_fuzzy(comments: str) -> bool:
    return _FUZZY.search(comments) is not None


def _unquoted(written: str) -> str:
    joined = written[1:-1] if "\n" not in written else "".join(part[1:-1] for part in written.split("\n"))
    return _ESCAPE.sub(lambda found: _MEANT[found[1]], joined) if "\\" in joined else joined
