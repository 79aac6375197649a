"""As much of JSON Schema as ours uses: whether a value fits. Independent of the models that the schema is made from."""

from __future__ import annotations

import re
from typing import Any

TYPES: dict[str, Any] = {
    "string": str, "object": dict, "array": list, "boolean": bool, "null": type(None), "integer": int, "number": (int, float),
}  # fmt: skip
KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "examples", "default", "type", "properties", "additionalProperties",
    "propertyNames", "required", "items", "anyOf", "enum", "const", "pattern", "minLength", "maxLength", "minItems", "maxItems",
    "minimum", "maximum", "minProperties", "maxProperties",
}  # fmt: skip


def problems(value: Any, schema: Any, root: dict[str, Any], path: str = "") -> list[str]:
    """What does not fit, as paths with a reason."""
    if schema is True or schema is False:
        return [] if schema else [f"{path}: not allowed"]
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return problems(value, root["$defs"][schema["$ref"].rsplit("/", 1)[1]], root, path)
    if "anyOf" in schema:
        tried = [problems(value, one, root, path) for one in schema["anyOf"]]
        return [] if not all(tried) else min(tried, key=len)
    found = []
    if "type" in schema:
        wrong = isinstance(value, bool) and schema["type"] != "boolean"
        if wrong or not isinstance(value, TYPES[schema["type"]]):
            return [f"{path}: not {schema['type']}"]
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{path}: not one of {schema['enum']}")
    if "const" in schema and value != schema["const"]:
        found.append(f"{path}: not {schema['const']}")
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            found.append(f"{path}: pattern")
        if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", 10**9):
            found.append(f"{path}: length")
    if isinstance(value, int | float) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        found.append(f"{path}: bounds")
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", 10**9):
            found.append(f"{path}: items")
        for index, item in enumerate(value):
            found += problems(item, schema.get("items", True), root, f"{path}/{index}")
    if isinstance(value, dict):
        own = schema.get("properties", {})
        if not schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", 10**9):
            found.append(f"{path}: number of keys")
        found += [f"{path}: needs {key}" for key in schema.get("required", []) if key not in value]
        for key, item in value.items():
            found += problems(key, schema.get("propertyNames", True), root, f"{path}/{key}")
            found += problems(item, own.get(key, schema.get("additionalProperties", True)), root, f"{path}/{key}")
    return found
