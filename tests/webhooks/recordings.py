"""Payloads recorded from a real Evolution API server (v2.3.6), as test cases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("captured")


def recorded(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def names(pattern: str) -> list[str]:
    return sorted(path.stem for path in FOLDER.glob(f"{pattern}.json"))


def deliveries(name: str) -> list[dict[str, Any]]:
    """The webhook bodies in a recording, in order."""
    return list(_bodies(recorded(name)))


def delivery(name: str, event: str) -> dict[str, Any]:
    """The first delivery of that event in a recording."""
    return next(body for body in deliveries(name) if body["event"] == event)


def _bodies(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if {"event", "instance", "data", "server_url"} <= value.keys():
            yield value
        else:
            for inner in value.values():
                yield from _bodies(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _bodies(inner)
