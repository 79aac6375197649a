"""The beginning of a new flow and of its test."""

from __future__ import annotations

from pathlib import Path

from bot.handwritten.source import read_source


def scaffold(name: str, intent: str, words: str | None) -> tuple[str, str | None]:
    """The text of the flow, and of a test where ``words`` are known to start it. ``name`` and ``intent`` are plain names."""
    data = read_source(Path(__file__).parent / "scaffold.yaml", "scaffold.yaml").data
    title = name.replace("_", " ").capitalize()
    flow = data["flow"].replace("NAME", name).replace("TITLE", title).replace("INTENT", intent)
    if words is None:
        return flow, None
    quoted = words.replace("\\", "\\\\").replace('"', '\\"')
    return flow, data["test"].replace("NAME", name).replace("TITLE", title).replace("WORDS", quoted)
