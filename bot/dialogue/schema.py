"""JSON Schema of a flow file, from the models that read it: editors complete and check with it while the author types."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from bot.dialogue.authored import FlowFile
from bot.handwritten.source import read_source

DIALECT = "https://json-schema.org/draft/2020-12/schema"


@cache
def key_words() -> dict[str, dict[str, dict[str, Any]]]:
    """Model -> key -> what it is for, and an example."""
    data: dict[str, dict[str, dict[str, Any]]] = read_source(Path(__file__).parent / "keys.yaml", "keys.yaml").data
    return data


def flow_schema() -> dict[str, Any]:
    """The schema as plain data, with a description and an example of every key."""
    schema = FlowFile.model_json_schema(by_alias=True)
    models = {"FlowFile": schema, **schema["$defs"]}
    for name, model in models.items():
        words = {**(key_words()["Way"] if name == "Fork" else {}), **key_words()[name]}
        for key, field in model["properties"].items():
            field.pop("title", None)
            field.update(description=words[key]["what"], examples=[words[key]["example"]])
        model.pop("title", None)
        model["description"] = model.get("description", "").split("\n\n")[0].replace("``", "'")
    schema["$defs"]["Slot"].pop("required", None)  # a slot named like a type has it
    return {"$schema": DIALECT, "title": "A flow of ProCare", **_strict(schema)}


def _strict(part: Any) -> Any:
    """Names of a mapping must fit their pattern, where pydantic only says what those are that do."""
    if isinstance(part, list):
        return [_strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    part.pop("ge", None)  # bounds in seconds, which a written duration has not
    part.pop("le", None)
    part = {key: value if key in ("examples", "default") else _strict(value) for key, value in part.items()}
    if len(part.get("patternProperties", {})) == 1:
        [(pattern, inner)] = part.pop("patternProperties").items()
        part |= {"propertyNames": {"pattern": pattern}, "additionalProperties": inner}
    return part


def as_json(schema: dict[str, Any]) -> str:
    """The same as a file."""
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"
