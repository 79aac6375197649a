"""One file of the library as plain data with lines, and what is wrong with it, told as authors need it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from bot.errors import ConfigError

LIMIT = 200_000  # bytes of one file
FENCE = "---"


class Problem(Struct, frozen=True):
    """``code`` is stable; ``line`` counts from 1."""

    code: str
    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}; {self.remedy} [{self.code}]"


class LibraryError(ConfigError):
    """The library cannot be used. ``problems`` says where and why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Page(Struct, frozen=True):
    """``data`` are the values of the front matter (or of a YAML file), ``lines`` where their keys stand."""

    file: str
    data: Mapping[str, Any]
    lines: Mapping[str, int]
    text: str = ""
    text_line: int = 1

    def problem(self, code: str, key: str, message: str, remedy: str) -> Problem:
        return Problem(code, self.file, self.lines.get(key, 1), message, remedy)


def read_page(path: Path, name: str) -> Page:
    """A Markdown file that begins with front matter. Raises LibraryError."""
    raw = _read(path, name)
    lines = raw.splitlines()
    if not lines or lines[0].strip() != FENCE:
        remedy = "begin the file with a line ---, then the keys, then ---"
        raise LibraryError([Problem("front_matter", name, 1, "there is no front matter", remedy)])
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == FENCE), None)
    if end is None:
        raise LibraryError([Problem("front_matter", name, 1, "the front matter does not end", "add a line --- below the keys")])
    data, places = _mapping("\n".join(lines[1:end]), name, first=2)
    return Page(name, data, places, "\n".join(lines[end + 1 :]).strip(), end + 2)


def read_yaml(path: Path, name: str) -> Page:
    """A YAML file with keys. Raises LibraryError."""
    data, places = _mapping(_read(path, name), name, first=1)
    return Page(name, data, places)


def _read(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(LIMIT + 1)
        if len(raw) > LIMIT:
            raise LibraryError([Problem("size", name, 1, f"the file is larger than {LIMIT // 1000} kB", "split it")])
        return raw.decode("utf-8-sig")
    except OSError as error:
        problem = Problem("file", name, 1, f"the file cannot be read ({error.strerror})", "check that it exists")
        raise LibraryError([problem]) from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise LibraryError([Problem("encoding", name, line, "the file is not UTF-8 text", "save it as UTF-8")]) from error


def _mapping(text: str, name: str, *, first: int) -> tuple[dict[str, Any], dict[str, int]]:
    """Values and lines of the keys. A date stays a text: it is checked as one."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = yaml.load(text, Loader=_Plain)  # noqa: S506 - a safe loader that leaves dates as they stand
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = str(getattr(error, "problem", None) or "it is not YAML")
        line = (mark.line if mark else 0) + first
        raise LibraryError([Problem("yaml", name, line, why, "check quotes, colons and indentation")]) from error
    if not isinstance(node, yaml.MappingNode) or not isinstance(data, dict):
        raise LibraryError([Problem("yaml", name, first, "there are no keys", "write 'key: value' lines")])
    places: dict[str, int] = {}
    for key, value in node.value:
        line = key.start_mark.line + first
        if key.value in places:
            raise LibraryError([Problem("yaml", name, line, f"'{key.value}' stands here twice", "remove one of the two")])
        places[key.value] = line
        if isinstance(value, yaml.MappingNode):
            for inner, _ in value.value:
                places[f"{key.value}.{inner.value}"] = inner.start_mark.line + first
    return data, places


class _Plain(yaml.CSafeLoader):
    pass


_Plain.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for sign, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
