"""No pattern that sees what people write can be made to think for long (ReDoS)."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from tests.security.units import UNITS

LENGTH = 300  # characters: what is cubic takes a tenth of a second for them, what is worse for ever
BOUND = 0.3  # seconds of processor time for one pattern and one text, on a machine that is slow and busy
TRIES = 3  # of a text that took longer: what a pattern thinks for long it thinks so each time
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
    assert _seconds(re.compile(r"\d*\d*\s*\d*q"), "1" * 200) > BOUND


def _worst(pattern: Any) -> float:
    worst = 0.0
    for text in TEXTS:
        subject = text.encode() if isinstance(pattern.pattern, bytes) else text
        took = _seconds(pattern, subject)
        for _ in range(TRIES - 1):
            if took > BOUND:
                took = min(took, _seconds(pattern, subject))
        worst = max(worst, took)
        if worst > BOUND:
            break
    return worst


def _seconds(pattern: Any, subject: str | bytes) -> float:
    began = time.thread_time()
    pattern.fullmatch(subject)
    pattern.search(subject)
    return time.thread_time() - began
