"""A person's course, as the sum of what they asked for: enrol, pause, stop, another language. Pure.

The requests are kept with the record and summed up in the order in which they were made, so that any order of arrival and any
repeat comes to the same. Lessons told are kept apart: each is told once, whatever is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from agents.learning_library.article import Course

KEPT: Final = 30  # requests; older ones are summed up
DAY = timedelta(days=1)

Wish = Literal["enrol", "pause", "stop", "speak"]
State = Literal["none", "active", "paused", "stopped", "finished"]


class Request(Struct, frozen=True, omit_defaults=True):
    """``outcome`` is what was answered when it was first heard: a repeat is answered alike."""

    id: str
    at: float
    wish: Wish
    course: str = ""
    minute: int = 0  # of the day, where the person is
    zone: str = ""
    language: str = ""
    numbers: str = ""
    outcome: str = ""


class Wishes(Struct, frozen=True, omit_defaults=True):
    """What the requests come to."""

    state: State = "none"
    course: str = ""
    minute: int = 0
    zone: str = ""
    language: str = ""
    numbers: str = ""


class Enrolment(Struct, frozen=True, omit_defaults=True):
    """``base`` sums up requests no longer kept. ``told`` counts the lessons of each course; ``told_at`` is the last time."""

    base: Wishes = Wishes()
    requests: tuple[Request, ...] = ()
    told: dict[str, int] = {}
    told_at: float = 0.0
    due: float | None = None

    def wishes(self) -> Wishes:
        wishes = self.base
        for request in self.requests:
            wishes = _after(wishes, request)
        return wishes

    def state(self, courses: Mapping[str, Course]) -> State:
        """As wished; a course whose lessons were all told is finished."""
        wishes = self.wishes()
        return "finished" if wishes.state in ("active", "paused") and self.over(wishes.course, courses) else wishes.state

    def over(self, course: str, courses: Mapping[str, Course]) -> bool:
        return course in courses and self.told.get(course, 0) >= len(courses[course].lessons)


def ask(enrolment: Enrolment, request: Request, courses: Mapping[str, Course], now: float) -> tuple[Enrolment, str]:
    """The record after a request, and the answer to it."""
    for known in enrolment.requests:
        if known.id == request.id:
            return enrolment, known.outcome
    order = sorted([*enrolment.requests, request], key=lambda one: (one.at, one.id))
    before = enrolment.base
    for one in order[: order.index(request)]:
        before = _after(before, one)
    outcome = _outcome(before, request, enrolment, courses)
    order[order.index(request)] = replace(request, outcome=outcome)
    base, kept = enrolment.base, order
    while len(kept) > KEPT:
        base, kept = _after(base, kept[0]), kept[1:]
    was = enrolment.wishes()
    changed = replace(enrolment, base=base, requests=tuple(kept))
    is_ = changed.wishes()
    if changed.state(courses) != "active":
        return replace(changed, due=None), outcome
    if enrolment.due is None or (is_.course, is_.minute, is_.zone) != (was.course, was.minute, was.zone):
        changed = replace(changed, due=next_lesson(changed, now))
    return changed, outcome


def _after(wishes: Wishes, request: Request) -> Wishes:
    match request.wish:
        case "enrol":
            return Wishes("active", request.course, request.minute, request.zone, request.language, request.numbers)
        case "pause":
            return replace(wishes, state="paused") if wishes.state == "active" else wishes
        case "stop":
            return replace(wishes, state="stopped") if wishes.state in ("active", "paused") else wishes
        case "speak":
            return replace(wishes, language=request.language) if wishes.state != "none" else wishes


def _outcome(before: Wishes, request: Request, enrolment: Enrolment, courses: Mapping[str, Course]) -> str:
    match request.wish:
        case "enrol":
            if enrolment.over(request.course, courses):
                return "finished"
            if before.course != request.course:
                return "switched" if before.state == "active" else "enrolled"
            return {"active": "already", "paused": "resumed", "stopped": "resumed"}.get(before.state, "enrolled")
        case "pause":
            return "paused" if before.state in ("active", "paused") else "not_enrolled"
        case "stop":
            return "stopped" if before.state in ("active", "paused") else "not_enrolled"
        case "speak":
            return "noted"


def next_lesson(enrolment: Enrolment, now: float) -> float:
    """The person's hour, next after now, and never twice on one day of theirs."""
    wishes = enrolment.wishes()
    zone = ZoneInfo(wishes.zone)
    here = datetime.fromtimestamp(now, zone)
    day = here.date()
    if enrolment.told_at and datetime.fromtimestamp(enrolment.told_at, zone).date() >= day:
        day += DAY
    while True:
        at = datetime(day.year, day.month, day.day, wishes.minute // 60, wishes.minute % 60, tzinfo=zone).timestamp()
        if at > now:
            return at
        day += DAY


def told(enrolment: Enrolment, now: float) -> Enrolment:
    """One more lesson has been told."""
    wishes = enrolment.wishes()
    counted = {**enrolment.told, wishes.course: enrolment.told.get(wishes.course, 0) + 1}
    return told_again(replace(enrolment, told=counted), now)


def told_again(enrolment: Enrolment, now: float) -> Enrolment:
    """Tomorrow the next is due, or the same one once more, where it was not said; behind the last one that alone is looked at."""
    after = replace(enrolment, told_at=now)
    return replace(after, due=next_lesson(after, now))


def lesson(enrolment: Enrolment, courses: Mapping[str, Course]) -> tuple[int, str] | None:
    """Which lesson comes next, counted from 0, and its article. None when there is none."""
    wishes = enrolment.wishes()
    course = courses.get(wishes.course)
    number = enrolment.told.get(wishes.course, 0)
    if enrolment.state(courses) != "active" or course is None or number >= len(course.lessons):
        return None
    return number, course.lessons[number]


def told_last(enrolment: Enrolment, courses: Mapping[str, Course]) -> tuple[int, str] | None:
    """The lesson of the running course that was told last, as ``lesson``."""
    wishes = enrolment.wishes()
    number = enrolment.told.get(wishes.course, 0) - 1
    course = courses.get(wishes.course)
    known = wishes.state == "active" and course is not None and 0 <= number < len(course.lessons)
    return (number, course.lessons[number]) if known and course else None


def read(data: Mapping[str, Any]) -> Enrolment:
    return msgspec.convert(dict(data), Enrolment)


def write(enrolment: Enrolment) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(enrolment)
    return plain
