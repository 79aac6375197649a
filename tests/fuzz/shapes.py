"""From a fuzzer's bytes to inputs that come past the first check: recorded bodies with parts changed, and texts of pieces."""

from __future__ import annotations

import json
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1e308, 10**30, "", "\x00", "\ud800", "9" * 400, "a" * 9000, "\u202e\u2066", [], {}, [[]], {"": {}},
    [None], "../../etc/passwd", "{{7*7}}", "%s%n", "\r\nX-A: b", "1970-01-01", {"low": -1, "high": 2**31, "unsigned": True},
    "120363@g.us", "0@lid", "@s.whatsapp.net", "wamid.", "wamid.HBgM", "data:;base64,", "AAAA" * 50, 1.5, "true", "🩸" * 20,
)  # fmt: skip


def changed(seeds: Sequence[Any], data: bytes) -> Any:
    """One of the recorded bodies; every three bytes put a hostile value, or a part of the body itself, into one place of it."""
    body = deepcopy(seeds[data[0] % len(seeds)]) if data else {}
    for at in range(1, len(data) - 2, 3):
        places = list(_places(body))
        if not places:
            return body
        owner, key = places[int.from_bytes(data[at : at + 2]) % len(places)]
        which = data[at + 2]
        if which >= 250:
            del owner[key]
        elif which >= 240:
            owner[key] = [owner[key], deepcopy(owner[key])]
        elif which >= 220:
            other, name = places[which * 7 % len(places)]
            owner[key] = deepcopy(other[name])
        else:
            owner[key] = deepcopy(HOSTILE[which % len(HOSTILE)])
        if len(places) > 2_000:
            return body
    return body


def _places(value: Any) -> Any:
    """Every (owner, key) below a value."""
    ahead = [value]
    while ahead:
        owner = ahead.pop()
        pairs = list(owner.items()) if isinstance(owner, dict) else list(enumerate(owner)) if isinstance(owner, list) else []
        for key, inner in pairs:
            yield owner, key
            ahead.append(inner)


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode("utf-8", "surrogatepass")


def pieced(pieces: Sequence[str], data: bytes) -> str:
    """Pieces one after the other, two bytes for each."""
    return "".join(pieces[int.from_bytes(data[at : at + 2]) % len(pieces)] for at in range(0, len(data) - 1, 2))
