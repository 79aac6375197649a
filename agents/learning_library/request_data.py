"""What stands in an intent's data, checked."""

from __future__ import annotations

from bot.errors import Malformed
from bot.model.effects import Intent

LIMIT = 2000  # characters


def text(intent: Intent, name: str) -> str | None:
    """A text, or None where there is none. Raises Malformed for anything else."""
    value = intent.data.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > LIMIT:
        raise Malformed(f"{intent.name}: {name} is not a text of at most {LIMIT} characters")
    return value.strip() or None


def whole(intent: Intent, name: str) -> str:
    """A text that must be there."""
    value = text(intent, name)
    if value is None:
        raise Malformed(f"{intent.name}: {name} is missing")
    return value


def flag(intent: Intent, name: str) -> bool:
    value = intent.data.get(name)
    if not isinstance(value, bool):
        raise Malformed(f"{intent.name}: {name} is not true or false")
    return value


def language(intent: Intent) -> str:
    """The person's language; English where the flow says none."""
    return text(intent, "language") or "en"


def second(intent: Intent) -> str:
    """The person's second language; empty where they have none."""
    return text(intent, "second_language") or ""
