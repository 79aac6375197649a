"""What staff decide about parked messages, entered before it is done and after: a crash in between leaves the first alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from bot.audit.chain import Note
from bot.errors import BotError
from bot.ports.audit import AuditLog
from bot.ports.bus import Bus

Decision = Literal["replay", "drop"]
ABOUT_TO: Final = {"replay": "is about to put back a parked message", "drop": "is about to drop a parked message"}
DONE: Final = {"replay": "put back a parked message", "drop": "dropped a parked message"}
GONE: Final = "found no such parked message"
FAILED: Final = "could not decide on a parked message"


async def decide(bus: Bus, audit: AuditLog, what: Decision, parked: str, who: str, clock: Callable[[], float]) -> bool:
    """False where nothing is parked under that id. Raises Unavailable; where the log does not answer nothing is done."""
    await audit.enter(Note(clock(), who, ABOUT_TO[what], why=parked[:80]))
    try:
        done = await (bus.replay(parked) if what == "replay" else bus.drop(parked))
    except BotError as error:
        await audit.enter(Note(clock(), who, FAILED, why=parked[:80], rule=error.code[:80]))
        raise
    await audit.enter(Note(clock(), who, DONE[what] if done else GONE, why=parked[:80]))
    return done
