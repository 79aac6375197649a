"""Why somebody was told something, from what is recorded: notices and alarms. What is not recorded is not guessed."""

from __future__ import annotations

from typing import Final

from agents.result import Result
from bot.model.effects import Intent
from bot.notices.ledger import LEDGER
from bot.ports.store import Store

BACK: Final = 86_400.0
"""Seconds in which people ask about a message."""
SAID: Final = ("send",)
ALARMS: Final = {"emergency": "danger_words", "critical_result": "reading"}
"""What an alarm came from, by the kind of its record: words of danger, or a value of a laboratory."""
OUTCOMES: Final = {"clinical": "reading", "reminder": "reminder", "care_team": "care_team"}
"""What a class of notices comes from."""


async def explain_last(store: Store, intent: Intent) -> Result:
    """``danger_words``, ``reading``, ``reminder``, ``care_team``: of what came unasked last, or of the alarm after it; else
    ``unknown``."""
    since = intent.at - BACK
    alarms = [one for kind in ALARMS for one in await store.records(intent.person, kind, 1) if one.at >= since]
    told = [one for one in await store.records(intent.person, LEDGER, 20) if one.at >= since and one.data.get("verdict") in SAID]
    newest = max([*alarms, *told[:1]], key=lambda one: one.at, default=None)
    if newest is None:
        return Result("unknown")
    if newest.kind in ALARMS:
        return Result(ALARMS[newest.kind])
    return Result(OUTCOMES.get(str(newest.data.get("class")), "unknown"))
