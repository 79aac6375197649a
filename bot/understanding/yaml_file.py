"""A YAML file of the lexicon folder in its form; or where in it something is wrong."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from bot.errors import ConfigError

T = TypeVar("T")
_PATH = re.compile(r"`(?:key in )?\$([^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")


def read_yaml(path: Path, kind: type[T], *, under: str | None = None) -> T:
    """The file, or what stands in it ``under`` a key. Raises ConfigError with file, line and reason."""
    name = f"{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
        loaded: Any = yaml.load(text, Loader=yaml.CSafeLoader)
        return msgspec.convert(loaded if under is None else loaded[under], kind, strict=False)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{name}:{_line_of(text, under, str(error))}: {error}") from error
    except (OSError, UnicodeDecodeError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ConfigError(f"{name}: {error}") from error


def _line_of(text: str, under: str | None, reason: str) -> int:
    """The line of what a reason of msgspec names ("... at `$[3].kind`"), as far as it does: it tells no key of a mapping."""
    node: Any = yaml.compose(text, Loader=yaml.CSafeLoader)
    named = _PATH.search(reason)
    steps = [key or index for key, index, _ in _STEP.findall(named[1])] if named else []
    for step in ([under] if under else []) + steps:
        inner = None
        if isinstance(node, yaml.MappingNode):
            inner = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and step.isdigit():
            inner = node.value[int(step)]
        if inner is None:
            break
        node = inner
    return int(node.start_mark.line) + 1 if node is not None else 1
