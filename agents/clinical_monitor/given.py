"""Reading an intent's data: what came from a flow is checked like what came from anywhere. Raises Malformed, never guesses."""

from __future__ import annotations

from math import isfinite
from typing import Any

from bot.errors import Malformed
from bot.model.effects import Intent
from bot.model.ids import EffectId

TEXT, ID = 700, 200


def number(intent: Intent, name: str) -> float:
    """Finite. Raises Malformed also where it is missing."""
    found = maybe_number(intent, name)
    if found is None:
        raise Malformed(f"{intent.name}: {name} is missing")
    return found


def maybe_number(intent: Intent, name: str) -> float | None:
    """Finite, or None where it is missing; text that looks like a number is none."""
    value = intent.data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Malformed(f"{intent.name}: {name} is not a number")
    return float(value)


def text(intent: Intent, name: str, longest: int = TEXT) -> str | None:
    """Words, cut where they are endless; None for none, and for what is no text."""
    value = intent.data.get(name)
    return (value.strip()[:longest] or None) if isinstance(value, str) else None


def needed(intent: Intent, name: str, longest: int = TEXT) -> str:
    """As ``text``, but what is missing or empty is Malformed."""
    value = text(intent, name, longest)
    if value is None:
        raise Malformed(f"{intent.name}: {name} is missing")
    return value


def one_of(intent: Intent, name: str, *known: str) -> str:
    """One of the words that are ``known``, as it stands."""
    value: Any = intent.data.get(name)
    if value not in known:
        raise Malformed(f"{intent.name}: {name} is none of {', '.join(known)}")
    return str(value)


def superseded(intent: Intent) -> EffectId | None:
    """The id of the reading that this one takes the place of; None where it corrects none."""
    value = intent.data.get("supersedes")
    return EffectId(value) if isinstance(value, str) and 0 < len(value) <= ID else None


def measured_at(intent: Intent, now: float) -> float:
    """The time of the measurement; never later than now, whatever a phone's clock says."""
    at = intent.data.get("measured_at")
    known = isinstance(at, int | float) and not isinstance(at, bool) and isfinite(at) and at > 0
    return min(float(at), now) if known and at is not None else min(intent.at, now)
