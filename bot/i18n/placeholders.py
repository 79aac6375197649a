"""What a translator must know of each ``{{ placeholder }}``: what it stands for, and what it looks like in a message."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.dialogue.expression import BadExpression, compile_template
from bot.handwritten.source import read_source

KNOWN = "placeholders.yaml"
PARTS = "{% if ... %}, {% else %}, {% endif %}: keep them; what stands between is said only where it holds"
_TAG = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_NAME = re.compile(r"[a-z_][\w.]*")
_CONSTANT = re.compile(r"'[^']*'|\"[^\"]*\"")
_STOP = frozenset({"if", "else", "in", "not", "and", "or", "none", "true", "false"})


class Stands(Struct, frozen=True):
    """``means`` in words; ``example`` is a value as the engine has it."""

    means: str
    example: Any


@cache
def known() -> Mapping[str, Stands]:
    """By name, as texts have it before a filter; ``flow/name`` where one flow means something else by it."""
    data = read_source(Path(__file__).parent / KNOWN, KNOWN).data
    return {name: Stands(str(means), example) for name, (means, example) in data.items()}


def stands_for(name: str, flow: str) -> Stands | None:
    return known().get(f"{flow}/{name}") or known().get(name)


def names_of(tag: str) -> list[str]:
    """The variables in a placeholder, the one that is shown first."""
    shown = _CONSTANT.sub("", tag.partition("|")[0])
    return [name for name in _NAME.findall(shown) if name not in _STOP]


@cache
def example_values(flow: str) -> Mapping[str, Any]:
    """Values with which every text of a flow can be shown."""
    values: dict[str, Any] = {}
    for full, stands in known().items():
        own, _, name = full.rpartition("/")
        if own not in ("", flow):
            continue
        *outer, last = name.split(".")
        inner = values
        for part in outer:
            inner = inner.setdefault(part, {})
        if own or last not in inner:
            inner[last] = stands.example
    return values


def placeholder_notes(source: str, flow: str, meant: Mapping[str, str]) -> Iterator[str]:
    """A line for each placeholder of a text: as written, what it stands for, an example. ``meant`` are its author's words."""
    for tag in dict.fromkeys(found.strip() for found in _TAG.findall(source)):
        name = next(iter(names_of(tag)), tag)
        stands = stands_for(name, flow)
        means = meant.get(name) or (stands.means if stands else "")
        shown = _shown(tag, flow) if stands else ""
        told = ", ".join(filter(None, (means, f"as “{shown}”" if shown else "")))
        yield f"{{{{ {tag} }}}}" + (f": {told}" if told else "")
    if "{%" in source:
        yield PARTS


@cache
def _shown(tag: str, flow: str) -> str:
    try:
        return " ".join(compile_template(f"{{{{ {tag} }}}}")(example_values(flow)).split())[:60]
    except BadExpression:
        return ""
