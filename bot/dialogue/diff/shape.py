"""A flow without its words: what is left are places in the file and plain values, which can be compared one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel

Kind = Literal["branch", "timing", "option", "answer", "action", "setting"]
Leaves = dict[tuple[str, ...], str]

WORDS = frozenset({"text", "label", "description", "note"})  # compared by their keys, in every language
NAMES = frozenset({"was", "accept", "steps"})  # names of earlier days, reasons for the linter, and what is compared by itself
TIMES = frozenset({"after", "within", "tries", "every", "again_on"})
DURATIONS = frozenset({"after", "within", "every"})
WAYS = frozenset({"next", "on", "go", "then", "skip", "told_again", "put_again", "call", "jump", "when", "else"})
ACTIONS = frozenset({"set", "record", "grant_consent", "withdraw_consent", "messages", "emergency", "ask_agent", "with", "facts"})


class Newer(NamedTuple):
    """What flows and steps of today were called in the earlier version: earlier name -> newer name."""

    flows: Mapping[str, str]
    steps: Mapping[str, str]


def leaves(model: BaseModel, newer: Newer | None = None) -> Leaves:
    """Place -> value, of everything but words and defaults: ``("options", "yes", "go")`` -> ``save``.

    With ``newer`` a way to what was only renamed leads to its newer name.
    """
    found = _leaves(_plain(model), ())
    return {place: _renamed(place, value, newer) if newer else value for place, value in found}


def kind_of(place: tuple[str, ...]) -> Kind:
    """What a change at this place is to an author."""
    if place[0] in ACTIONS:
        return "action"
    if place[0] == "on":
        return "branch"
    named = place[0] in ("options", "expect")
    inner = place[2:] if named else place
    if TIMES.intersection(inner):
        return "timing"
    if WAYS.intersection(inner):
        return "branch"
    if named:
        return "option" if place[0] == "options" else "answer"
    return "setting"


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        kept = {field.alias or name: getattr(value, name) for name, field in fields.items() if name not in WORDS | NAMES}
        plain = {name.rstrip("_"): _plain(one) for name, one in kept.items()}
        return {name: one for name, one in plain.items() if one not in (None, {}, [], False) or name == "required"}
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _leaves(value: Any, place: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(value, dict) and (value or not place):
        for key, one in value.items():
            yield from _leaves(one, (*place, key))
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        if place[-1:] == ("next",):
            for index, way in enumerate(value, 1):
                yield (*place, str(index)), _way(way)
        else:
            for index, one in enumerate(value, 1):
                yield from _leaves(one, (*place, str(index)) if one else place)
    else:
        yield place, _shown(value, place)


def _renamed(place: tuple[str, ...], value: str, newer: Newer) -> str:
    if kind_of(place) != "branch":
        return value
    head, colon, target = value.rpartition(": ")
    names = newer.flows if place[-1] in ("call", "jump") else newer.steps
    return head + colon + names.get(target, target)


def _way(way: dict[str, str]) -> str:
    return f"when {way['when']}: {way['go']}" if "when" in way else way["go"]


def _shown(value: Any, place: tuple[str, ...]) -> str:
    if place[-1] in DURATIONS and isinstance(value, int):
        size, unit = next((size, unit) for size, unit in ((86400, "d"), (3600, "h"), (60, "m"), (1, "s")) if value % size == 0)
        return f"{value // size}{unit}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
