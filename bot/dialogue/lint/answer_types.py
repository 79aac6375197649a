"""What an answer can be, against what is asked of it: bounds, and comparisons that never hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.dialogue import authored
from bot.dialogue.kinds import READINGS
from bot.dialogue.lint.formula import comparisons
from bot.handwritten.source import Path_

BOUNDED = ("number", "year", "rating")


def wrong_types(file: authored.FlowFile) -> Iterator[tuple[Path_, str, str]]:
    domains = _domains(file)
    for name, step in file.steps.items():
        path: Path_ = ("steps", name)
        for slot, spec in step.expect.items():
            if spec.type not in BOUNDED and (spec.min is not None or spec.max is not None or spec.integer):
                yield (*path, "expect", slot), f"'{slot}' is a {spec.type} and has no least or greatest value", "remove them"
            elif spec.in_the and spec.type != "date":
                yield (*path, "expect", slot), f"'{slot}' is a {spec.type} and lies in no past or future", "remove 'in_the'"
            elif spec.anything and spec.type != "text":
                yield (*path, "expect", slot), f"'{slot}' is a {spec.type}, and not any words are one", "remove 'anything'"
            elif spec.min is not None and spec.max is not None and spec.min > spec.max:
                yield (*path, "expect", slot), f"the least value of '{slot}' is above its greatest", "swap min and max"
        for index, way in enumerate(step.next or []):
            for variable, operator, constant in comparisons(way.when) if way.when else ():
                if problem := _never(domains.get(variable), operator, constant):
                    yield (*path, "next", index), f"'{variable}' {problem}", "compare it with what the answer can be"


def _domains(file: authored.FlowFile) -> dict[str, Any]:
    """``number``, ``yes_no``, ``text`` or the set of option ids; nothing for what comes from several places."""
    kinds = {
        **dict.fromkeys(READINGS - {"blood_pressure"} | {"number", "year", "rating"}, "number"),
        **dict.fromkeys(("name", "text", "phone", "time_range", "blood_pressure"), "text"),
        **dict.fromkeys(("date", "time"), "moment"),
        "yes_no": "yes_no",
    }
    seen: dict[str, list[Any]] = {}
    for name, step in file.steps.items():
        if step.options:
            seen.setdefault(step.answer or name, []).append(None if step.options_from else frozenset(step.options))
        for slot, spec in step.expect.items():
            seen.setdefault(slot, []).append(kinds.get(spec.type))
        for target in (*step.set, *step.facts):
            seen.setdefault(target, []).append(None)
    return {name: kinds[0] for name, kinds in seen.items() if len(set(map(repr, kinds))) == 1 and name not in file.vars}


def _never(domain: Any, operator: str, constant: object) -> str | None:
    if domain is None or constant is None:
        return None
    ordered = operator in ("lt", "lteq", "gt", "gteq")
    if isinstance(domain, frozenset):
        if constant not in domain or ordered:
            return f"is one of {', '.join(sorted(domain))}, never {'ordered' if ordered else constant!r}"
    elif domain == "number" and not (isinstance(constant, int | float) and not isinstance(constant, bool)):
        return f"is a number, never {constant!r}"
    elif domain == "yes_no" and not isinstance(constant, bool):
        return f"is true or false, never {constant!r}"
    elif domain == "moment" and not isinstance(constant, str):
        return f"is written like '2026-11-23' or '08:05', never {constant!r}"
    elif domain == "text" and (ordered or not isinstance(constant, str)):
        return f"is text and cannot be compared with {constant!r}"
    return None
