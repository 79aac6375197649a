"""Prompts: files in dialogs/prompts/, written and signed like other content. Nothing of a person ever goes into one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

import yaml
from msgspec import Struct

from agents.llm.config import TaskName
from bot.errors import ConfigError
from config.plain_yaml import plain_yaml

FENCE = "---"
_FIELDS = {"task": str, "version": int, "owner": str, "review": str}


class Prompt(Struct, frozen=True):
    """``mark`` names exactly these words: it is recorded with every use."""

    task: str
    version: int
    text: str
    mark: str


def load_prompts(folder: Path) -> Mapping[str, Prompt]:
    """One file a task. Raises ConfigError with file, line, reason and remedy."""
    found: dict[str, Prompt] = {}
    for path in sorted(folder.glob("*.md")):
        prompt = read_prompt(path)
        if prompt.task in found:
            raise _wrong(path, 2, f"the task {prompt.task} has two prompts", "delete one")
        found[prompt.task] = prompt
    if missing := sorted(set(get_args(TaskName)) - set(found)):
        raise ConfigError(f"{folder.name}: no prompt for {', '.join(missing)}; write {missing[0]}.md")
    return found


def read_prompt(path: Path) -> Prompt:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: {error}") from error
    if lines[:1] != [FENCE] or FENCE not in lines[1:]:
        raise _wrong(path, 1, "the head is missing", "begin with --- and the fields, and end them with ---")
    end = lines.index(FENCE, 1)
    try:
        head: Any = plain_yaml("\n".join(lines[1:end]))
    except yaml.YAMLError as error:
        raise _wrong(path, 2, f"the head cannot be read: {error}", "mend it") from error
    for name, kind in _FIELDS.items():
        if not isinstance(head, dict) or not isinstance(head.get(name), kind):
            raise _wrong(path, 2, f"the head has no {name}", f"add '{name}: ...'")
    if head["task"] not in get_args(TaskName):
        raise _wrong(path, 2, f"there is no task {head['task']!r}", f"one of: {', '.join(get_args(TaskName))}")
    text = "\n".join(lines[end + 1 :]).strip()
    if not text:
        raise _wrong(path, end + 2, "there are no words", "write them below the head")
    digest = sha256(text.encode()).hexdigest()[:8]
    return Prompt(head["task"], head["version"], text, f"{head['task']}@{head['version']}:{digest}")


def _wrong(path: Path, line: int, reason: str, remedy: str) -> ConfigError:
    return ConfigError(f"{path.name}:{line}:1: {reason}; {remedy}")
