"""A hand-written YAML file as a pydantic model; or what is wrong with it, each mistake with its place and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import Source, read_source

Model = TypeVar("Model", bound=BaseModel)
REMEDIES: Final[Mapping[str, str]] = {"missing": "add it", "extra_forbidden": "mend the name, or take it out"}
"""By pydantic's name of the mistake."""


def read_model(file: Path, model: type[Model]) -> Model:
    """Raises Unreadable with every mistake."""
    source = read_source(file, file.name)
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        raise Unreadable(finding_of(source, one) for one in error.errors(include_url=False)) from error


def finding_of(source: Source, error: ErrorDetails) -> Finding:
    """One mistake that pydantic has found in the data of a file."""
    key = ".".join(map(str, error["loc"]))
    reason = error["msg"].removeprefix("Value error, ")
    remedy = REMEDIES.get(error["type"], "mend that line")
    return source.finding(tuple(error["loc"]), "form", f"{key}: {reason}" if key else reason, remedy)
