"""What is wrong with the form of a file, in plain words: pydantic's findings name types that authors never heard of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import ErrorDetails

_REFERENCE = "see docs/dialogue-reference.md"
_WORDS: Mapping[str, tuple[str, str]] = {
    "extra_forbidden": ("there is no such key", _REFERENCE),
    "missing": ("this is missing", "add it; see docs/dialogue-reference.md"),
    "string_type": ("this must be text", 'put it in quotes, like "126"'),
    "bool_type": ("this must be true or false", "write true or false; yes, no, on and off are words here"),
    "string_too_short": ("there are no words", "write some, or remove the key"),
    "dict_type": ("this must be keys with values", _REFERENCE),
    "model_type": ("this must be keys with values", _REFERENCE),
    "list_type": ("this must be a list", "write it in [ ], or each on a line that begins with -"),
    "int_parsing": ("this must be a whole number", "write it in digits"),
    "int_type": ("this must be a whole number", "write it in digits"),
    "int_from_float": ("this must be a whole number", "write it without a fraction"),
    "float_parsing": ("this must be a number", "write it in digits, with a point for a fraction"),
    "float_type": ("this must be a number", "write it in digits, with a point for a fraction"),
}
_NAME = "a name has small letters, digits and _, begins with a letter, and has at most 40 of them"


def in_words(error: ErrorDetails) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    kind = error["type"]
    if kind in _WORDS:
        return _WORDS[kind]
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind == "string_pattern_mismatch" and str(context.get("pattern", "")).startswith("^[a-z][a-z0-9_]"):
        return f"'{error['input']}' is no name", _NAME
    if kind == "literal_error":
        return f"'{error['input']}' cannot stand here", f"use {context.get('expected')}"
    return error["msg"].removeprefix("Value error, "), _REFERENCE
