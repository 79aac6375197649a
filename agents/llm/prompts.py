"""Prompts: files in dialogs/prompts/, written and signed like other content. Nothing of a person ever goes into one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import get_args

from msgspec import Struct

from agents.llm.config import TaskName
from bot.errors import ConfigError
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.page import read_page

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
    head, text, line = read_page(path, path.name)
    for name, kind in _FIELDS.items():
        if not isinstance(head.keys.get(name), kind):
            raise _wrong(path, 2, f"the head has no {name}", f"add '{name}: ...'")
    task = head.keys["task"]
    if task not in get_args(TaskName):
        raise _wrong(path, head.line(("task",)), f"there is no task {task!r}", f"one of: {', '.join(get_args(TaskName))}")
    if not text:
        raise _wrong(path, line, "there are no words", "write them below the head")
    digest = sha256(text.encode()).hexdigest()[:8]
    version = head.keys["version"]
    return Prompt(task, version, text, f"{task}@{version}:{digest}")


def _wrong(path: Path, line: int, reason: str, remedy: str) -> Unreadable:
    return Unreadable([Finding("prompt", path.name, line, 1, reason, remedy)])
