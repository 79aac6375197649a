"""A hand-written YAML file as a msgspec struct; or what is wrong with it, with its place and how to mend it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TypeVar

import msgspec

from bot.handwritten.finding import Unreadable
from bot.handwritten.source import Path_, read_source

T = TypeVar("T")
_PATH = re.compile(r"`(?:key in )?\$([^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]|(\[\.\.\.\])")


def read_struct(path: Path, kind: type[T], *, under: str | None = None) -> T:
    """The file, or what stands in it ``under`` a key. Raises Unreadable with its first mistake."""
    source = read_source(path, f"{path.parent.name}/{path.name}")
    above: Path_ = () if under is None else (under,)
    if under is not None and not (isinstance(source.data, dict) and under in source.data):
        raise Unreadable([source.finding((), "form", f"'{under}' is missing", f"add '{under}:'")])
    data = source.data if under is None else source.data[under]
    try:
        return msgspec.convert(data, kind, strict=False)
    except msgspec.ValidationError as error:
        raise Unreadable([source.finding((*above, *_named(str(error))), "form", str(error), "mend that line")]) from error


def _named(reason: str) -> Path_:
    """The place that a reason of msgspec names ("... at `$[3].kind`"), as far as it does: it tells no key of a mapping."""
    named = _PATH.search(reason)
    steps: list[str | int] = []
    for key, index, unnamed in _STEP.findall(named[1]) if named else ():
        if unnamed:
            break
        steps.append(key or int(index))
    return tuple(steps)
