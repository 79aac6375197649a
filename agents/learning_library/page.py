"""One file of the library: keys and, of an article, the text below them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.handwritten import page
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import Source, read_source


class Page(Struct, frozen=True):
    """``source``: the front matter (or the whole of a YAML file); ``text_line``: where the text below it begins."""

    source: Source
    text: str = ""
    text_line: int = 1

    @property
    def file(self) -> str:
        return self.source.name

    @property
    def data(self) -> Mapping[str, Any]:
        return self.source.keys

    def problem(self, code: str, key: str, message: str, remedy: str) -> Finding:
        """``key``: of a value inside a mapping, with a dot; "" for the whole file."""
        return self.source.finding(tuple(key.split(".")) if key else (), code, message, remedy)

    def problem_of_text(self, code: str, message: str, remedy: str) -> Finding:
        return Finding(code, self.file, self.text_line, 1, message, remedy)


def nothing(name: str) -> Page:
    """In place of a file that cannot be read."""
    return Page(Source(name, b"", None))


def read_article(path: Path, name: str) -> Page:
    """A Markdown file that begins with front matter. Raises Unreadable."""
    head, text, line = page.read_page(path, name)
    return Page(_with_keys(head), text, line)


def read_keys(path: Path, name: str) -> Page:
    """A YAML file with keys. Raises Unreadable."""
    return Page(_with_keys(read_source(path, name)))


def _with_keys(source: Source) -> Source:
    if not source.keys:
        raise Unreadable([source.finding((), "yaml", "there are no keys", "write 'key: value' lines")])
    return source
