"""One YAML file as plain data with positions: strict, bounded, and with the booleans of YAML 1.2 (``no`` is a word)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from bot.dialogue.finding import Finding, Unreadable

LIMIT = 1_000_000  # bytes of one file
DEPTH = 20
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAGS = frozenset({"str", "int", "float", "bool", "null", "timestamp", "merge", "value"})
_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})$")
_FLOAT = re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}$")

Path_ = tuple[str | int, ...]


class Source(Struct, frozen=True):
    """The data of a file, and the line and column of every key and item in it."""

    name: str
    data: Any
    places: dict[Path_, tuple[int, int]]

    def finding(self, path: Path_, code: str, message: str, remedy: str, **more: Any) -> Finding:
        """A finding at ``path``, or at the nearest thing above it that stands in the file."""
        while path and path not in self.places:
            path = path[:-1]
        line, column = self.places.get(path, (1, 1))
        return Finding(code, self.name, line, column, message, remedy, **more)


def read_source(path: Path, name: str) -> Source:
    """Read one file. Raises Unreadable with the place and the remedy."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unreadable(
            [Finding("file", name, 1, 1, f"the file cannot be read ({error.strerror})", "check that it exists")]
        ) from error
    return parse_source(raw, name)


def parse_source(raw: bytes, name: str) -> Source:
    """Parse the bytes of one file. Raises Unreadable."""
    if len(raw) > LIMIT:
        raise _unreadable(name, None, "the file is larger than 1 MB", "split it into smaller flows")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Unreadable([Finding("encoding", name, line, 1, "the file is not UTF-8 text", "save it as UTF-8")]) from error
    try:
        _refuse_anchors(text, name)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it is not YAML"
        hint = "use spaces, not tabs" if "\\t" in problem or "tab" in problem else "check quotes, colons and indentation"
        raise _unreadable(name, mark, f"the file cannot be parsed: {problem}", hint) from error
    places: dict[Path_, tuple[int, int]] = {}
    return Source(name, _data(node, (), places, name), places)


def _refuse_anchors(text: str, name: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _unreadable(
                name, event.start_mark, "anchors and aliases (& and *) are not allowed", "write the text out in both places"
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise _unreadable(name, event.start_mark, "the file is nested too deeply", "flatten it")


def _data(node: yaml.Node | None, path: Path_, places: dict[Path_, tuple[int, int]], name: str) -> Any:
    if node is None:
        return None
    places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _unreadable(name, key_node.start_mark, "a key must be a plain word", "remove the brackets")
            key = str(key_node.value)
            if key in found:
                raise _unreadable(name, key_node.start_mark, f"'{key}' stands here twice", "remove one of the two")
            places[(*path, key)] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            found[key] = _data(value_node, (*path, key), places, name)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_data(item, (*path, index), places, name) for index, item in enumerate(node.value)]
    if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS:
        raise _unreadable(name, node.start_mark, f"the tag {node.tag} is not allowed", "remove it")
    return _scalar(node)


def _scalar(node: Any) -> Any:
    value = str(node.value)
    if node.style in ("'", '"', "|", ">"):
        return value
    if value in ("", "~", "null"):
        return None
    if value in ("true", "false"):
        return value == "true"
    if _INT.match(value):
        return int(value)
    if _FLOAT.match(value):
        return float(value)
    return value


def _unreadable(name: str, mark: Any, message: str, remedy: str) -> Unreadable:
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return Unreadable([Finding("yaml", name, line, column, message, remedy)])
