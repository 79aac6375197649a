"""Writes into a test what the bot really said: for ``--update``, after a change that was meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.dialogue.transcript.script import Script

_ITEM = re.compile(r"(\s*-\s+)bot\s*:")


def rewrite(text: str, script: Script, said: Mapping[int, Sequence[str]]) -> str:
    """The file's text with the ``bot:`` lines of the given numbers brought up to date; all else stays, comments too.

    Only lines whose keys changed are touched, so that fields and words written by hand stay where they still hold.
    """
    lines = text.splitlines(keepends=True)
    for line in reversed(script.lines):
        keys = said.get(line.number)
        start = line.number - 1
        found = _ITEM.match(lines[start]) if keys is not None else None
        if keys is None or found is None:
            continue
        end = (line.end or len(lines) + 1) - 1
        while end - 1 > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
            end -= 1
        written = "nothing" if not keys else f"[{', '.join(_quoted(key) for key in keys)}]"
        lines[start:end] = [f"{found[1]}bot: {written}\n"]
    return "".join(lines)


def _quoted(name: str) -> str:
    """A key as it is; words, which came with Python's quotes, in YAML's."""
    if re.fullmatch(r"[a-z][a-z0-9_.]*", name):
        return name
    words = name[1:-1].replace("\\n", "\n").replace("\\'", "'")
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
