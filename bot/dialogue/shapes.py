"""How keys of a flow file may be written: names, durations, texts and ways, each in a short and a long form."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema

_DURATION = re.compile(r"(\d{1,5})\s*(s|m|h|d)$")
_TOLD = re.compile(r"\{\{([^{}]+)\}\}\s*(s|m|h|d)$")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
Phrase = Annotated[str, StringConstraints(pattern=r"[^\W_]|[\U0001F300-\U0001FAFF]", max_length=100)]  # not only marks
Topic = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=60)]
YesNo = Annotated[bool, Field(strict=True)]  # yes, no, on and off are words
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=300)]


def _seconds(value: Any) -> Any:
    if isinstance(value, str) and (found := _DURATION.match(value.strip())):
        return int(found[1]) * _SECONDS[found[2]]
    raise ValueError("write a duration like 8s, 30m, 12h or 7d")


def _time(value: Any) -> Any:
    if isinstance(value, str) and _TOLD.match(value.strip()):
        return value.strip()
    return _seconds(value)


def told_time(value: str) -> tuple[str, int]:
    """Of ``{{ minutes }}m`` the expression, and the seconds of its unit."""
    found = _TOLD.match(value)
    return (found[1].strip(), _SECONDS[found[2]]) if found else (value, 1)


def _text(value: Any) -> Any:
    """``say: "..."`` and ``say: {text: "..."}`` are the same as a list of one."""
    if isinstance(value, str):
        value = {"text": value}
    return [value] if isinstance(value, dict) else value


def _ways(value: Any) -> Any:
    """``next: save``, ``next: {when, go, else}`` and a list of ``{when, go}`` become the list."""
    if isinstance(value, str):
        return [{"go": value}]
    if isinstance(value, dict):
        value = dict(value)
        otherwise = value.pop("else", None)
        return [value, {"go": otherwise}] if otherwise is not None else [value]
    return value


def _names(value: Any) -> Any:
    """``was: save`` and ``was: [save]`` are the same."""
    return [value] if isinstance(value, str) else value


def labels(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: {"label": item} if isinstance(item, str) else item for key, item in value.items()}


def slots(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: {"type": key, **item} if isinstance(item, dict) and "type" not in item else item for key, item in value.items()}


def named(short: str | None) -> Callable[[Any], Any]:
    """``[a, b]`` and ``{a: turn}`` are short for ``{a: {}, b: {}}`` and ``{a: {scope: turn}}``."""

    def read(value: Any) -> Any:
        if isinstance(value, list):
            if len({str(name) for name in value}) != len(value):
                raise ValueError("the names must differ")
            return {name: {} for name in value if isinstance(name, str)} if all(isinstance(one, str) for one in value) else value
        if isinstance(value, dict) and short:
            return {name: {short: item} if isinstance(item, str) else item for name, item in value.items()}
        return value

    return read


_Written = Annotated[str, StringConstraints(pattern="^" + _DURATION.pattern)]
_MaybeTold = Annotated[str, StringConstraints(pattern=f"^({_DURATION.pattern}|{_TOLD.pattern})")]
Time = Annotated[
    Annotated[int, Field(ge=1, le=30 * 86400)] | Annotated[str, Field(max_length=200)],
    BeforeValidator(_time, json_schema_input_type=_MaybeTold),
]
"""``15m``, or as a variable tells it: ``"{{ minutes }}m"``."""
Duration = Annotated[int, BeforeValidator(_seconds, json_schema_input_type=_Written), Field(ge=1, le=30 * 86400)]


Names = Annotated[list[Name], BeforeValidator(_names, json_schema_input_type=Name | list[Name])]


def _make_defaults(schema: Any) -> None:
    """Empty lists and mappings are made anew where pydantic would copy them deeply: a tenth of the time of loading."""
    if isinstance(schema, dict):
        default = schema.get("default")
        if schema.get("type") == "default" and default in ([], {}) and isinstance(default, list | dict):
            del schema["default"]
            schema["default_factory"] = type(default)
            schema.setdefault("metadata", {})["pydantic_js_updates"] = {"default": default}  # for the JSON Schema
        schema = list(schema.values())
    for inner in schema if isinstance(schema, list) else ():
        _make_defaults(inner)


class Authored(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        _make_defaults(schema)
        return schema


class Variant(Authored):
    """One wording; ``when`` chooses between several, the first that holds wins. ``note`` is for translators."""

    text: Words
    when: str | None = None
    note: str | None = None


_AnySay = Words | Variant | Annotated[list[Variant], Field(min_length=1, max_length=10)]
Say = Annotated[list[Variant], BeforeValidator(_text, json_schema_input_type=_AnySay), Field(min_length=1, max_length=10)]


class Way(Authored):
    """Where to go on; without ``when``, always."""

    go: Name
    when: str | None = None


class Fork(Way):
    """Two ways in one: ``{when: ..., go: ..., else: ...}``."""

    else_: Name | None = Field(default=None, alias="else")


Ways = Annotated[list[Way], BeforeValidator(_ways, json_schema_input_type=Name | Fork | list[Way])]
