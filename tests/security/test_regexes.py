"""No pattern that sees what people write can be made to think for long (ReDoS)."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.security.units import UNITS

LENGTH = 300  # characters: what is cubic takes a tenth of a second for them, what is worse for ever
BOUND = 0.05  # seconds of processor time for one pattern and one text, on a busy machine
ROOMS = ("bot.understanding", "bot.dialogue", "bot.media", "bot.privacy", "agents", "webhooks")
OF_AUTHORS = (
    "bot.dialogue.lint", "bot.dialogue.transcript", "bot.dialogue.official", "bot.dialogue.diff", "bot.dialogue.syntax",
    "bot.dialogue.po", "bot.handwritten.source", "bot.dialogue.scaffold", "webhooks.lookalike",
)  # fmt: skip
"""These read files of ours, at a start or a lint, and no word of a patient."""
SHELLS = (("", "!"), ("12", "x"), ("my name is a", "\x00"))


def patterns() -> Iterator[tuple[str, Any]]:
    """Every compiled pattern that a module of ours keeps, alone or in a table."""
    for room in ROOMS:
        found = [room]
        try:
            path = importlib.import_module(room).__path__
        except (ModuleNotFoundError, AttributeError):
            continue
        found += [one.name for one in pkgutil.walk_packages(path, f"{room}.") if not one.name.endswith(("__main__", ".work"))]
        for name in found:
            if not name.startswith(OF_AUTHORS):
                for key, value in vars(importlib.import_module(name)).items():
                    yield from ((f"{name}.{key}", one) for one in _within(value))


def _within(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        value = [*value.values()]
    for one in value if isinstance(value, list | tuple | set | frozenset) else [value]:
        for inner in one if isinstance(one, list | tuple) else [one]:
            if hasattr(inner, "fullmatch") and hasattr(inner, "pattern"):
                yield inner


PATTERNS = {id(pattern): (name, pattern) for name, pattern in patterns()}
TEXTS = [before + (unit * LENGTH)[:LENGTH] + after for unit in UNITS for before, after in SHELLS]


def test_no_pattern_thinks_for_long() -> None:
    assert len(PATTERNS) > 60
    slow = [f"{name}: {seconds:.2f} s" for name, pattern in PATTERNS.values() if (seconds := _worst(pattern)) > BOUND]
    assert not slow


def test_one_that_does_would_be_found() -> None:
    assert _worst(re.compile(r"\d*\d*\s*\d*q"), ["1" * 150]) > BOUND


def _worst(pattern: Any, texts: Sequence[str] = TEXTS) -> float:
    worst = 0.0
    for text in texts:
        subject = text.encode() if isinstance(pattern.pattern, bytes) else text
        began = time.thread_time()
        pattern.fullmatch(subject)
        pattern.search(subject)
        worst = max(worst, time.thread_time() - began)
        if worst > BOUND:
            break
    return worst
