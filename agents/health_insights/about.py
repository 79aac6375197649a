"""Whom and what a request is about: from the request, and where it does not say, from what the person told us before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, get_args

from msgspec import Struct

from bot.errors import Malformed
from bot.model.clock import local
from bot.model.effects import Intent
from bot.ports.store import Store

What = Literal["glucose", "blood_pressure", "weight", "heart_rate"]
LONGEST = 366  # days
UNITS = ("mg/dL", "mmol/L")


class About(Struct, frozen=True):
    """``at``: what was measured later does not count, so that a repeat of the request finds the same."""

    at: float
    days: int
    language: str
    unit: str
    zone: str
    name: str
    second: str | None = None  # the language that they read where theirs lacks a text

    @property
    def today(self) -> date:
        return local(self.at, self.zone).date()


async def about(store: Store, intent: Intent, now: float, *, days: int) -> About:
    """``days``: where the request has none. Raises Malformed."""
    session = await store.session(intent.person)
    known: Mapping[str, Any] = session.profile if session else {}
    given = intent.data
    unit = _word(given, known, "unit")
    return About(
        at=min(intent.at, now),
        days=days_of(given, days),
        language=_word(given, known, "language") or "en",
        unit=unit if unit in UNITS else UNITS[0],
        zone=_word(given, known, "zone") or "Asia/Kolkata",
        name=_word(given, known, "name"),
        second=_word(given, known, "second_language") or None,
    )


def what_of(intent: Intent) -> What:
    value = intent.data.get("what", "glucose")
    if value not in get_args(What):
        raise Malformed(f"{intent.name}: 'what' is none of {', '.join(get_args(What))}")
    return value  # type: ignore[no-any-return]  # one of them, as was just seen


def days_of(given: Mapping[str, Any], usual: int) -> int:
    value = given.get("days")
    if value is None:
        return usual
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= LONGEST or value != int(value):
        raise Malformed(f"'days' is no whole number from 1 to {LONGEST}")
    return int(value)


def _word(given: Mapping[str, Any], known: Mapping[str, Any], name: str) -> str:
    for source in (given, known):
        value = source.get(name)
        if isinstance(value, str) and value:
            return value[:60]
    return ""
