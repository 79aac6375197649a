"""A YAML file of ours in its form; or what is wrong with it, each mistake in a line with its place and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.errors import ConfigError
from config.plain_yaml import plain_yaml

Model = TypeVar("Model", bound=BaseModel)
REMEDIES: Final[Mapping[str, str]] = {"missing": "add it", "extra_forbidden": "mend the name, or take it out"}
"""By pydantic's name of the mistake."""


def read_model(file: Path, model: type[Model]) -> Model:
    """Raises ConfigError with every mistake: file, line, column, key, reason, remedy."""
    text = read_text(file)
    try:
        return model.model_validate(parsed(file, text))
    except ValidationError as error:
        raise ConfigError("\n".join(mistake(file.name, text, one) for one in error.errors(include_url=False))) from error


def read_text(file: Path) -> str:
    """Raises ConfigError for a file that is not there, or is no UTF-8 text."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file.name}: cannot be read ({error.strerror}); check that it is there") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file.name}: is no UTF-8 text; save it as UTF-8") from error


def parsed(file: Path, text: str) -> Any:
    """The plain data. Raises ConfigError with the place where it stops being YAML."""
    try:
        return plain_yaml(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ConfigError(f"{file.name}{where}: this is not YAML; mend that line") from error


def mistake(name: str, text: str, error: ErrorDetails) -> str:
    """One mistake that pydantic has found in a file of this text."""
    line, column = _place(yaml.compose(text, Loader=yaml.CSafeLoader), error["loc"])
    key = ".".join(map(str, error["loc"]))
    reason = error["msg"].removeprefix("Value error, ")
    return f"{name}:{line}:{column}: {f'{key}: ' if key else ''}{reason}; {REMEDIES.get(error['type'], 'mend that line')}"


def _place(node: yaml.Node | None, path: tuple[int | str, ...]) -> tuple[int, int]:
    """Line and column of the deepest part of a path that the file has."""
    for part in path:
        match node:
            case yaml.MappingNode():
                inner = next((value for key, value in node.value if key.value == str(part)), None)
            case yaml.SequenceNode() if isinstance(part, int) and part < len(node.value):
                inner = node.value[part]
            case _:
                inner = None
        if inner is None:
            break
        node = inner
    return (node.start_mark.line + 1, node.start_mark.column + 1) if node else (1, 1)
