"""Reads a PO catalogue in the form in which catalogues are written, more than twice as fast as a general reader.

Babel reads everything else: plural forms, odd spacing, other character sets, and whatever is wrong, of which it tells.
"""

from __future__ import annotations

import re
from email import message_from_string

from msgspec import Struct

_LINE = r'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"'
_STRING = rf"({_LINE}(?:\n{_LINE})*)"
_MESSAGE = re.compile(rf"((?:#.*\n)*)(?:msgctxt {_STRING}\n)?msgid {_STRING}\nmsgstr {_STRING}")
# A message of one line each with nothing to unescape, as most are; to take it apart so takes half the time.
_SIMPLE = re.compile(r'((?:#.*\n)+)msgctxt "([^"\\\n]+)"\nmsgid "([^"\\\n]+)"\nmsgstr "([^"\\\n]*)"(?:\n\n(?!\n)|\n?\Z)')
_EMPTY = re.compile(r"\n*")
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
    forms = ""
    at = len(text) - len(text.lstrip("\n"))
    line = 1 + at
    while at < len(text):
        if simple := _SIMPLE.match(text, at):
            comments, name, source, said = simple.groups()
            lines = comments.count("\n")
            entries.append(Entry(name, source, said, "fuzzy" in comments and _is_fuzzy(comments), line + lines + 1))
            line += lines + 4  # itself, and the empty line
            at = simple.end()
            continue
        block, after = _block(text, at)
        found = _MESSAGE.fullmatch(block)
        if found:
            comments, key, source = found[1], found[2], _unquoted(found[3])
            if key is None and not source:
                header = _unquoted(found[4])
                if (line > 1 and entries) or _CHARSET.search(header):
                    return None
                forms = str(message_from_string(header).get("Plural-Forms", ""))
            elif not source:
                return None
            elif key and (name := _unquoted(key)):
                fuzzy = "fuzzy" in comments and _is_fuzzy(comments)
                entries.append(Entry(name, source, _unquoted(found[4]), fuzzy, line + comments.count("\n") + key.count("\n") + 1))
        elif not _COMMENTS.fullmatch(block):
            return None
        line += text.count("\n", at, after)
        at = after
    twice = len({one.key for one in entries}) < len(entries) and len({(one.key, one.source) for one in entries}) < len(entries)
    return None if twice else Plain(entries, forms)


def _block(text: str, at: int) -> tuple[str, int]:
    """What stands from here to the next empty line, and where what follows begins."""
    end = text.find("\n\n", at)
    block = text[at:] if end < 0 else text[at:end]
    after = _EMPTY.match(text, at + len(block))
    return block.strip("\n"), after.end() if after else len(text)


def _is_fuzzy(comments: str) -> bool:
    return _FUZZY.search(comments) is not None


def _unquoted(written: str) -> str:
    joined = written[1:-1] if "\n" not in written else "".join(part[1:-1] for part in written.split("\n"))
    return _ESCAPE.sub(lambda found: _MEANT[found[1]], joined) if "\\" in joined else joined
