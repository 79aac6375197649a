"""The chain: an entry's seal covers all that it says and the seal before it, so that nothing in the middle can be changed, taken
out or put in without every later seal telling. Pure.

Whoever can write the whole store could make the whole chain anew. So a newest seal that was noted elsewhere (``procare audit
verify`` prints it) proves everything up to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import msgspec
from msgspec import Struct

FIRST = "0" * 64
"""Stands before the first entry."""


class Note(Struct, frozen=True, omit_defaults=True):
    """What is to be entered. ``who``: a login, a role or an agent; ``whose``: a person's opaque id, empty where it is nobody's
    record; ``rule`` and ``content``: the rule and the content version that it followed, where there are such. No names, no words
    of anybody, no numbers."""

    at: float  # Unix seconds
    who: str
    what: str
    whose: str = ""
    why: str = ""
    rule: str = ""
    content: str = ""


class Entry(Struct, frozen=True):
    """``number`` counts from 1 without a gap."""

    number: int
    note: Note
    seal: str


class Break(Struct, frozen=True):
    """Where the chain does not hold: ``missing`` (the number is not there), ``changed``, or ``unmarked`` (nothing tells that the
    entry before it is the last)."""

    number: int
    how: str


def sealed(note: Note, last: Entry | None) -> Entry:
    """The entry that follows ``last``."""
    number, before = (last.number + 1, last.seal) if last else (1, FIRST)
    return Entry(number, note, _seal(number, note, before))


def broken(entries: Iterable[Entry], last: Entry | None = None) -> Break | None:
    """The first place where ``entries``, which follow ``last``, are not what was sealed; None when all is well."""
    number, before = (last.number, last.seal) if last else (0, FIRST)
    for entry in entries:
        number += 1
        if entry.number != number:
            return Break(number, "missing")
        if entry.seal != _seal(number, entry.note, before):
            return Break(number, "changed")
        before = entry.seal
    return None


def _seal(number: int, note: Note, before: str) -> str:
    said = (number, note.at, note.who, note.what, note.whose, note.why, note.rule, note.content, before)
    return sha256(msgspec.json.encode(said)).hexdigest()
