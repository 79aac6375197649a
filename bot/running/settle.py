"""One function settles a delivery: success is acknowledged, trouble of an engine is waited out, the rest is parked."""

from __future__ import annotations

import enum
from random import random

from bot.errors import BotError, OutcomeUnknown, Unavailable, Unsettled

LIMIT = 5
"""Attempts on a retryable error that is not an engine's outage."""
UNKNOWN_LIMIT = 12
"""Attempts on a send whose outcome stays unknown. A gateway that fails every second call would often fail five in a row."""


class Settle(enum.Enum):
    ACK = "ack"
    RETRY = "retry"
    PARK = "park"


def settle(error: Exception | None, attempt: int) -> Settle:
    """Decide by the error and by how many attempts (1, 2, ...) ended like this since the last outage, this one included.

    An engine that is down is everybody's trouble, not this message's: we hold the message and the queue behind it waits, for
    an hour if need be. Anything else that is retryable gets a few attempts. Bugs and bad data are parked at once.
    """
    match error:
        case None:
            return Settle.ACK
        case Unavailable() | Unsettled():
            return Settle.RETRY
        case OutcomeUnknown() if attempt < UNKNOWN_LIMIT:
            return Settle.RETRY
        case OutcomeUnknown():
            return Settle.PARK
        case BotError(retryable=True) | TimeoutError() if attempt < LIMIT:
            return Settle.RETRY
        case _:
            return Settle.PARK


def pause(attempt: int, error: Exception, *, longest: float = 15.0) -> float:
    """Seconds before attempt ``attempt`` + 1: doubling from 0.1, at most ``longest``, with jitter; the other side's word wins."""
    asked = error.retry_after if isinstance(error, BotError) else None
    wait = min(0.1 * 2 ** min(attempt - 1, 12), longest) if asked is None else min(asked, longest)
    return wait * (0.8 + 0.4 * random())  # noqa: S311 - jitter needs no secrecy
