"""One reminder as data: when it is due, what an answer makes of it. Pure; documents carry it between two looks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agents.engagement_engine.rule import Rule, day_of, following, last_due, moment
from bot.errors import Malformed

What = Literal["medicine", "glucose", "blood_pressure", "weight", "walk", "refill", "check_in", "summary", "other", "digest"]
WHATS: Final[tuple[What, ...]] = tuple(one for one in get_args(What) if one != "digest")
"""What people set for themselves; a digest comes with helping somebody."""
Answer = Literal["done", "later", "skipped"]
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
BEHIND: Final[dict[What, float]] = {
    "medicine": 0.0, "glucose": 1.0, "blood_pressure": 1.0, "weight": 1.0,
    "refill": 2.0, "check_in": 2.0, "other": 2.0, "walk": 3.0, "summary": 4.0, "digest": 4.0,
}  # fmt: skip
"""Seconds by which one stands behind another of the same minute: due work is taken in the order of its time."""
KEPT: Final = 30  # answers to intents and skipped times that are remembered


class Reminder(Struct, frozen=True, omit_defaults=True):
    """``last``: the newest occurrence that is dealt with. ``open``: one that was told and not answered; ``again_at``: when to ask
    about it once more, ``again``: how often that was done. ``items``: medicines. ``answers``: what intents were answered."""

    what: What
    rule: Rule
    zone: str
    items: tuple[str, ...] = ()
    text: str = ""
    last: str = ""
    open: str = ""
    again_at: float = 0.0
    again: int = 0
    paused_until: float = 0.0
    paused_at: float = 0.0
    skipped: tuple[str, ...] = ()
    moved_at: float = 0.0
    moved_by: str = ""
    was: Rule | None = None
    answers: dict[str, list[Any]] = {}

    def answered(self, intent: str, outcome: str, facts: dict[str, Any] | None = None) -> Reminder:
        kept = {**self.answers, intent: [outcome, facts or {}]}
        return replace(self, answers=dict(list(kept.items())[-KEPT:]))


class Call(Struct, frozen=True):
    """A reminder whose time has come: which occurrence, when that was, and for the how manieth time (0: the first)."""

    key: str
    at: float
    again: int = 0


def read(data: Mapping[str, Any]) -> Reminder:
    """A reminder as it was stored. Raises Malformed."""
    try:
        return msgspec.convert(dict(data), Reminder)
    except msgspec.ValidationError as error:
        raise Malformed(str(error), code="stored_unreadable") from error


def write(reminder: Reminder) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(reminder)
    return plain


def next_due(reminder: Reminder) -> float | None:
    """When somebody has to look at it again. None: never."""
    coming = coming_key(reminder)
    times = [moment(coming, reminder.zone)] if coming else []
    if reminder.open and reminder.again_at:
        times.append(reminder.again_at)
    return min(times, default=None)


def coming_key(reminder: Reminder) -> str | None:
    """The next occurrence that is to be told."""
    one = following(reminder.rule, reminder.zone, reminder.last, reminder.skipped)
    while one is not None and one.at < reminder.paused_until:
        one = following(reminder.rule, reminder.zone, one.key, reminder.skipped)
    return one.key if one else None


def called(reminder: Reminder, now: float, late: float) -> Call | None:
    """What is to be said now. Of several occurrences, after an outage, only the newest is looked at, and not when it is ``late``
    seconds old: nobody takes the tablets of three days at once."""
    one = last_due(reminder.rule, reminder.zone, reminder.last, now, reminder.skipped)
    if one is not None:
        return Call(one.key, one.at) if one.at >= reminder.paused_until and now < one.at + late else None
    again = reminder.again_at
    if reminder.open and again and again <= now < again + late:
        return Call(reminder.open, again, reminder.again + 1)
    return None


def looked_at(reminder: Reminder, call: Call | None, now: float) -> Reminder:
    """After this look: all that is over is over, and what was called waits for its answer."""
    one = last_due(reminder.rule, reminder.zone, reminder.last, now)
    if one is not None:
        kept = tuple(key for key in reminder.skipped if key > one.key)
        reminder = replace(reminder, last=one.key, open="", again_at=0.0, again=0, skipped=kept)
    elif reminder.again_at and reminder.again_at <= now:
        reminder = replace(reminder, again_at=0.0)
    return replace(reminder, open=call.key, again=call.again) if call else reminder


def later(reminder: Reminder, key: str, at: float) -> Reminder | None:
    """Ask about it once more. None: it is over, because a newer one was told or it was answered."""
    return replace(reminder, again_at=at) if key == reminder.open else None


def closed(reminder: Reminder, key: str) -> Reminder:
    """Taken, done or skipped: nobody asks again."""
    return replace(reminder, open="", again_at=0.0, again=0) if key == reminder.open else reminder


def without_today(reminder: Reminder, now: float) -> tuple[Reminder, int]:
    """Without what is still to come today, and how many that are."""
    today, keys = day_of(now, reminder.zone), list[str]()
    one = following(reminder.rule, reminder.zone, reminder.last, reminder.skipped)
    while one is not None and one.key[:10] <= today:
        if one.at > now and one.at >= reminder.paused_until:
            keys.append(one.key)
        one = following(reminder.rule, reminder.zone, one.key, reminder.skipped)
    if reminder.open and reminder.again_at > now:
        return replace(closed(reminder, reminder.open), skipped=(*reminder.skipped, *keys)[-KEPT:]), len(keys) + 1
    return replace(reminder, skipped=(*reminder.skipped, *keys)[-KEPT:]), len(keys)


def over(reminder: Reminder) -> bool:
    """There is nothing more to come, unless somebody answers "later"."""
    return next_due(reminder) is None
