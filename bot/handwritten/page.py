"""A hand-written Markdown file that begins with front matter: keys between two lines ---, and the text below them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import Source, decoded, parse_source, read_bytes

FENCE: Final = "---"


class Page(NamedTuple):
    """``head``: the front matter, its lines counted as those of the file. ``line``: where the text begins."""

    head: Source
    text: str
    line: int


def read_page(path: Path, name: str) -> Page:
    """Raises Unreadable with place and remedy."""
    lines = decoded(read_bytes(path, name), name).splitlines()
    if not lines or lines[0].strip() != FENCE:
        raise _without(name, "there is no front matter", "begin the file with a line ---, then the keys, then ---")
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == FENCE), None)
    if end is None:
        raise _without(name, "the front matter does not end", "add a line --- below the keys")
    head = parse_source("\n".join(["", *lines[1:end]]).encode(), name)
    return Page(head, "\n".join(lines[end + 1 :]).strip(), end + 2)


def _without(name: str, message: str, remedy: str) -> Unreadable:
    return Unreadable([Finding("front_matter", name, 1, 1, message, remedy)])
