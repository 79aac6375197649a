"""The ledger: every decision about a notice, as a record of the person. Nobody's words are in it."""

from __future__ import annotations

from typing import Any, Final

from bot.notices.bid import Bid, Decision

LEDGER: Final = "notice"
"""The kind of these records."""


def entry(bid: Bid, decision: Decision, message: str = "") -> dict[str, Any]:
    """What a record keeps: class, topic, verdict, reason; until when it waits, with what it went, as which message."""
    kept: dict[str, Any] = {"class": bid.kind, "topic": bid.topic, "verdict": decision.verdict, "reason": decision.reason}
    if decision.at:
        kept["until"] = decision.at
    if decision.into:
        kept["into"] = decision.into
    if message:
        kept["message"] = message
    return {**kept, "bid": bid.id}
