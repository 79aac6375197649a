"""Lua scripts, one file each beside this module. A script is one atomic step on the server."""

from __future__ import annotations

from hashlib import sha1
from pathlib import Path

from msgspec import Struct


class Script(Struct, frozen=True):
    """``text`` runs with the keys and arguments that its head comment names."""

    name: str
    text: str
    sha: str


def script(name: str) -> Script:
    """Read ``lua/<name>.lua``."""
    text = (Path(__file__).parent / "lua" / f"{name}.lua").read_text(encoding="utf-8")
    return Script(name, text, sha1(text.encode(), usedforsecurity=False).hexdigest())  # Redis names scripts by SHA-1
