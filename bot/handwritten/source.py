"""One YAML file as plain data with positions: strict, bounded, and with the booleans of YAML 1.2 (``no`` is a word)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.nodes import TOO_DEEP, TooDeep, compose

LIMIT = 1_000_000  # bytes of one file
DEPTH = 20
_NUMBER = re.compile(r"[-+]?(?:(0|[1-9][0-9]{0,17})|[0-9]{1,17}\.[0-9]{1,17})$")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
_BYTE_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}

Path_ = tuple[str | int, ...]


class Source:
    """The data of a file, and on demand the line and column of every key and item in it."""

    def __init__(self, name: str, raw: bytes, data: Any) -> None:
        self.name = name
        self.raw = raw
        self.data = data

    @property
    def keys(self) -> dict[str, Any]:
        """The data of a file that has keys; nothing of another."""
        return self.data if isinstance(self.data, dict) else {}

    @cached_property
    def places(self) -> Mapping[Path_, tuple[int, int]]:
        """Read again from the bytes: most files have nothing to be found, and places take more memory than all else."""
        found: dict[Path_, tuple[int, int]] = {}
        node = compose(self.raw.decode("utf-8-sig"), DEPTH)
        if node is not None:
            _note(node, (), found)
        return found

    def line(self, path: Path_) -> int:
        """The line of ``path``, or of the nearest thing above it that stands in the file."""
        return self.place(path)[0]

    def place(self, path: Path_) -> tuple[int, int]:
        """Line and column, likewise."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def finding(self, path: Path_, code: str, message: str, remedy: str, **more: Any) -> Finding:
        """A finding at ``path``, or at the nearest thing above it that stands in the file."""
        line, column = self.place(path)
        return Finding(code, self.name, line, column, message, remedy, **more)


def read_source(path: Path, name: str) -> Source:
    """Read one file. Raises Unreadable with place and remedy."""
    return parse_source(read_bytes(path, name), name)


def read_bytes(path: Path, name: str) -> bytes:
    """What is in a file, and of a huge one no more than tells that it is too large. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            return file.read(LIMIT + 1)
    except OSError as error:
        raise Unreadable(
            [Finding("file", name, 1, 1, f"the file cannot be read ({error.strerror})", "check that it exists")]
        ) from error


def parse_source(raw: bytes, name: str) -> Source:
    """Parse the bytes of one file. Raises Unreadable."""
    text = decoded(raw, name)
    try:
        node = compose(text, DEPTH)
        data = None if node is None else _data(node, text, name, "&" in text, DEPTH)
    except yaml.YAMLError as error:
        raise _unreadable(name, *_explained(error, text)) from error
    return Source(name, raw, data)


def decoded(raw: bytes, name: str) -> str:
    """The text of a file. Raises Unreadable for one that is too large, or none."""
    if len(raw) > LIMIT:
        raise _unreadable(name, None, "the file is larger than 1 MB", "split it into smaller files")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        seen = _BYTE_MARKS.get(raw[:2])
        what = f"the file is {seen}, not UTF-8 text" if seen else "the file is not UTF-8 text"
        remedy = "save it as UTF-8 (in Windows programs: 'UTF-8' in the dialogue of 'Save as')"
        raise Unreadable([Finding("encoding", name, line, 1, what, remedy)]) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unreadable([Finding("encoding", name, line, 1, "the file has zero bytes: it is no text", "save it as UTF-8")])
    return text


def _explained(error: yaml.YAMLError, text: str) -> tuple[Any, str, str]:
    """Place, message and remedy of what the parser could not read."""
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it is not YAML")
    context = str(getattr(error, "context", None) or "")
    here = text[mark.index : mark.index + 1] if mark else ""
    if isinstance(error, TooDeep):
        return mark, problem, "flatten it"
    if "control characters" in problem:
        at = text.find(chr(getattr(error, "character", 0)))
        return _Mark(text, max(at, 0)), "the file has a control character, which nobody sees", "delete it and type the words anew"
    if here == "\t" or "\\t" in problem or "tab" in problem:
        return mark, "the file cannot be parsed: a tab stands where spaces belong", "indent with spaces, not tabs"
    if "undefined alias" in problem or "alias" in context or "anchor" in context:
        return mark, "anchors and aliases (& and *) are not allowed", "put a text that begins with * or & in quotes"
    if "expected a single document" in context:
        return mark, "the file has a second document (a line ---)", "remove the line and what follows"
    if "mapping values are not allowed" in problem:
        return mark, "the file cannot be parsed: a colon stands inside a text", "put the whole text in quotes"
    if here and here in "@`%" and "cannot start" in problem:
        return mark, f"the file cannot be parsed: a text begins with {here}", "put the whole text in quotes"
    return mark, f"the file cannot be parsed: {problem}", "check quotes, colons and indentation"


class _Mark:
    """A place in a text, where the parser names none."""

    def __init__(self, text: str, index: int) -> None:
        self.line = text.count("\n", 0, index)
        self.column = index - (text.rfind("\n", 0, index) + 1)


def _data(node: Any, text: str, name: str, anchors: bool, depth: int) -> Any:
    """``anchors``: the text has the sign of one somewhere. ``depth``: how many collections in one another may follow."""
    if anchors and text.startswith("&", node.start_mark.index):
        raise _unreadable(
            name, node.start_mark, "anchors and aliases (& and *) are not allowed", "write the text out in both places"
        )
    if node.tag:
        tag, remedy = node.tag.replace("tag:yaml.org,2002:", "!!"), "remove it, or put a text that begins with ! in quotes"
        raise _unreadable(name, node.start_mark, f"the tag {tag} is not allowed", remedy)
    kind = type(node)
    if kind is yaml.ScalarNode:
        return node.value if node.style else _scalar(node.value)
    if depth == 0:
        raise TooDeep(None, None, TOO_DEEP, node.start_mark)
    if kind is yaml.SequenceNode:
        return [_data(item, text, name, anchors, depth - 1) for item in node.value]
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if type(key_node) is not yaml.ScalarNode:
            raise _unreadable(name, key_node.start_mark, "a key must be a plain word", "remove the brackets")
        key = key_node.value
        if key in found:
            raise _unreadable(name, key_node.start_mark, f"'{key}' stands here twice", "remove one of the two")
        if key_node.tag or anchors:
            _data(key_node, text, name, anchors, depth)
        if type(value_node) is yaml.ScalarNode and not value_node.tag and not anchors:
            found[key] = value_node.value if value_node.style else _scalar(value_node.value)
        else:
            found[key] = _data(value_node, text, name, anchors, depth - 1)
    return found


def _note(node: Any, path: Path_, places: dict[Path_, tuple[int, int]]) -> None:
    """The place of everything below ``node``; of what has a key, the place of the key."""
    places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            inner = (*path, key_node.value)
            places[inner] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            _note(value_node, inner, places)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _note(item, (*path, index), places)


def _scalar(value: str) -> Any:
    """A word without quotes, read as YAML 1.2's core schema reads it."""
    if value[:1].isalpha() and len(value) > 5:  # nearly all: longer than 'false'
        return value
    if value in _WORDS:
        return _WORDS[value]
    if found := _NUMBER.match(value):
        return int(value) if found[1] else float(value)
    return value


def _unreadable(name: str, mark: Any, message: str, remedy: str) -> Unreadable:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Unreadable([Finding("yaml", name, line, column, message, remedy)])
