"""When something may not be said, and when it may next."""

from __future__ import annotations

from collections.abc import Iterator

from bot.notices.bid import Bid, Reason, is_medicine, root_of
from bot.notices.days import Day, clock
from bot.notices.person import Hours, Ours, Person

FOREVER = float("inf")
LIGHT = ("coaching", "education")

Blocked = tuple[float, float, Reason]


def blocks(bid: Bid, person: Person, day: Day) -> list[Blocked]:
    """Spans of that day, from - until before, in which the bid may not go."""
    return list(_blocks(bid, person, day))


def _blocks(bid: Bid, person: Person, day: Day) -> Iterator[Blocked]:
    if not bid.live:
        if person.paused_until > day.start:
            yield 0.0, person.paused_until, "paused"
        if person.only_medicines and not is_medicine(bid.topic):
            yield 0.0, FOREVER, "only_medicines"
        if person.withheld and _of_our_own(bid, person.withheld):
            yield 0.0, FOREVER, "not_allowed"
    if person.quiet is not None:  # their own word holds for everything
        yield from _daily(person.quiet, person.zone, day, "quiet_hours")
    elif not (bid.chosen or bid.live):
        yield from _daily(person.usual_quiet, person.zone, day, "quiet_hours")
    if person.festive and bid.kind in LIGHT and day.name in person.festive:
        yield day.start, day.end, "festival"
    if person.fasting and root_of(bid.topic) in person.food and day.name in person.fasting:
        yield from _daily(person.fast_hours, person.zone, day, "fasting")
    if person.free_until is not None and not bid.template:
        yield person.free_until, FOREVER, "window"


def _of_our_own(bid: Bid, which: Ours) -> bool:
    """Nobody asked for it: not what the person chose, is promised, or set going."""
    topic = bid.topic.partition("/")[0]
    if bid.chosen or topic in which.asked_for:
        return False
    return bid.kind in which.kinds or topic in which.topics


def _daily(hours: Hours, zone: str, day: Day, reason: Reason) -> Iterator[Blocked]:
    first, last = hours
    if first == last:
        return
    if first < last:
        yield clock(day, zone, first), clock(day, zone, last), reason
        return
    yield day.start, clock(day, zone, last), reason
    yield clock(day, zone, first), day.end, reason


def allowed(spans: list[Blocked], start: float, end: float) -> tuple[float | None, Reason | None]:
    """The first moment from ``start`` until before ``end`` that is in no span, and what stood in the way first."""
    at, reason = start, None
    moved = True
    while moved and at < end:
        moved = False
        for since, until, why in spans:
            if since <= at < until:
                at, moved = until, True
                reason = reason or why
    return (at if at < end else None), reason
