"""The planner: of everything that wants to be said to one person, what goes now, at which time, with what, or never.

It looks at all bids together and in the order of what matters, so the order in which they came makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.notices.bid import Bid, Decision, Reason
from bot.notices.days import Day, day_after, day_of
from bot.notices.hours import allowed, blocks
from bot.notices.person import Person, counted

DAYS = 9  # looked ahead: a week's pause, and the day after it


class _Room:
    """What is still free on each day, and which topics were spoken of."""

    def __init__(self, person: Person, today: Day, now: float) -> None:
        heard = counted(person.heard, today, now)
        self._used = {today.name: len(heard)}
        self._owned: dict[str, int] = {}  # of that, what this plan gave away
        self._topics = {(today.name, one.topic) for one in heard}
        self._person = person

    def refuses(self, bid: Bid, day: Day) -> Reason | None:
        if (day.name, bid.topic) in self._topics:
            return "same_topic"
        used = self._used.get(day.name, 0)
        limit = self._person.most if bid.live else self._person.limit
        if used + bid.size > limit:
            given = self._owned.get(day.name, 0)
            return "kept_room" if given and used - given + bid.size <= limit else "day_full"
        return None

    def take(self, bid: Bid, day: Day) -> None:
        self._used[day.name] = self._used.get(day.name, 0) + bid.size
        self._owned[day.name] = self._owned.get(day.name, 0) + bid.size
        self._topics.add((day.name, bid.topic))


def plan(bids: Iterable[Bid], person: Person, now: float) -> dict[str, Decision]:
    """A decision for every bid that is here, by its id."""
    today = day_of(now, person.zone)
    room = _Room(person, today, now)
    leaders: dict[str, list[tuple[Bid, float]]] = {}
    decided: dict[str, Decision] = {}
    for bid in sorted(bids, key=_order):
        if bid.kind == "emergency":
            decided[bid.id] = Decision(bid.id, "send", "emergency")
            continue
        if leader := _leader(bid, leaders, person, now):
            decided[bid.id] = Decision(bid.id, "merge", "together", leader[1], leader[0].id)
            continue
        at, reason = _place(bid, person, now, today, room)
        if bid.owed:
            continue
        if at is None:
            waits = reason != "expired" and _shut_out(bid, person, now)
            decided[bid.id] = Decision(bid.id, "wait", "window", bid.latest) if waits else Decision(bid.id, "drop", reason)
            continue
        decided[bid.id] = Decision(bid.id, "send", "in_time") if at <= now else Decision(bid.id, "at", reason, at)
        if bid.merge:
            leaders.setdefault(bid.merge, []).append((bid, max(at, now)))
    return decided


def _order(bid: Bid) -> tuple[int, int, float, str]:
    return bid.rank, -bid.usefulness, bid.latest, bid.id


def _leader(bid: Bid, leaders: dict[str, list[tuple[Bid, float]]], person: Person, now: float) -> tuple[Bid, float] | None:
    """One that is placed already and takes this one along, at a moment at which this one may be said."""
    for leader, at in leaders.get(bid.merge, ()) if bid.merge and not bid.owed else ():
        if max(bid.earliest, now) <= at < bid.latest:
            day = day_of(at, person.zone)
            if allowed(blocks(bid, person, day), at, day.end)[0] == at:
                return leader, at
    return None


def _shut_out(bid: Bid, person: Person, now: float) -> bool:
    """Only the official channel's window keeps it from being said at some time."""
    if person.free_until is None or bid.template:
        return False
    day = day_of(max(now, bid.earliest), person.zone)
    for _ in range(DAYS):
        spans = [span for span in blocks(bid, person, day) if span[2] != "window"]
        if allowed(spans, max(now, bid.earliest, day.start, person.free_until), min(day.end, bid.latest))[0] is not None:
            return True
        day = day_after(day, person.zone)
    return False


def _place(bid: Bid, person: Person, now: float, today: Day, room: _Room) -> tuple[float | None, Reason]:
    """The moment at which it goes: its best one if that can be had, else another of that day, else any."""
    first = max(now, bid.earliest)
    if first >= bid.latest:
        return None, "expired"
    if first < bid.best < bid.latest:
        day = day_of(bid.best, person.zone)
        for since, days in ((bid.best, 1), (max(first, day.start), DAYS)):
            at, reason = _first(bid, since, person, today, room, days)
            if at is not None:
                return at, reason or "best_hour"
    at, reason = _first(bid, first, person, today, room)
    return at, reason or "in_time"


def _first(
    bid: Bid, since: float, person: Person, today: Day, room: _Room, days: int = DAYS
) -> tuple[float | None, Reason | None]:
    """The first moment from ``since`` on, on a day with room; with what stood in the way of an earlier one."""
    day = today if since < today.end else day_of(since, person.zone)
    reason: Reason | None = None
    for _ in range(days):
        if day.start >= bid.latest:
            break
        end = min(day.end, bid.latest)
        at, why = allowed(blocks(bid, person, day), max(since, day.start), end)
        if at is None:
            reason = reason or why
        elif full := room.refuses(bid, day):
            reason = reason or full
        else:
            room.take(bid, day)
            return at, reason or why
        day = day_after(day, person.zone)
    return None, reason
