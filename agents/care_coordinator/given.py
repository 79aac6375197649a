"""What an intent says, read carefully: what is not of its form raises Malformed, and nothing is longer than it may be."""

from __future__ import annotations

import re
from datetime import date
from hashlib import blake2s

from bot.errors import Malformed
from bot.model.effects import Intent

LONGEST = 700
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def text(intent: Intent, name: str, *, longest: int = LONGEST) -> str | None:
    """None where it is not there, or empty."""
    value = intent.data.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a number that a flow asked for, like that of an invitation
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Malformed(f"care_coordinator.{intent.name}: {name} is not a text")
    return str(value)[:longest]


def needed(intent: Intent, name: str) -> str:
    """As ``text``, but what is missing or empty is Malformed."""
    value = text(intent, name)
    if value is None:
        raise Malformed(f"care_coordinator.{intent.name}: {name} is missing")
    return value


def one_of(intent: Intent, name: str, words: tuple[str, ...]) -> str:
    """One of ``words``, as it stands."""
    value = needed(intent, name)
    if value not in words:
        raise Malformed(f"care_coordinator.{intent.name}: {name} is none of {', '.join(words)}")
    return value


def day(intent: Intent, name: str) -> date | None:
    """A date as ``2026-11-27``; None where it is missing or empty."""
    value = text(intent, name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Malformed(f"care_coordinator.{intent.name}: {name} is not a day") from error


def clock(intent: Intent, name: str) -> str | None:
    """A time as ``07:30``; None where it is missing or empty."""
    value = text(intent, name)
    if value is not None and not _CLOCK.fullmatch(value):
        raise Malformed(f"care_coordinator.{intent.name}: {name} is not a time")
    return value


def number(intent: Intent, name: str) -> float | None:
    """None where it is missing or empty. Text that is a number counts: flows ask for amounts in words."""
    value = intent.data.get(name)
    if value is None or value == "":
        return None
    try:
        return float(value) if not isinstance(value, bool) else None
    except (TypeError, ValueError) as error:
        raise Malformed(f"care_coordinator.{intent.name}: {name} is not a number") from error


def made_of(letter: str, *parts: str) -> str:
    """An id that follows from what caused it: a repeat makes the same."""
    return letter + blake2s("\n".join(parts).encode(), digest_size=8).hexdigest()
