"""People, days and bids for the planner's tests; and a plain check, by the clock, of when something may be said."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.notices.bid import Bid
from bot.notices.days import day_of
from bot.notices.person import Ours, Person, heard_at

ZONES = ("Asia/Kolkata", "Europe/Berlin", "America/New_York", "Pacific/Auckland", "UTC")
NOON = 1_764_050_400.0  # 25 November 2025, 11:30 in India
DST = 1_774_744_200.0  # 29 March 2026, 00:30 UTC: Berlin's clock skips half an hour later
STEP = 1800.0
OURS = Ours(frozenset({"reminder", "coaching", "education"}), frozenset({"trend"}), frozenset({"visit"}))
KINDS = ("clinical", "reminder", "care_team", "coaching", "education")
TOPICS = ("medicine.dose", "meal.idea", "walk", "trend", "lesson", "visit")


def someone(**fields: Any) -> Person:
    return Person(**{"zone": "Asia/Kolkata", "limit": 5, "most": 5, "usual_quiet": (1320, 420), **fields})


def bid(id_: str, kind: Any = "reminder", topic: str | None = None, **fields: Any) -> Bid:
    return Bid(**{"id": id_, "kind": kind, "topic": topic or id_, "earliest": NOON, "latest": NOON + 3600, **fields})


def clock_of(at: float, zone: str) -> int:
    here = datetime.fromtimestamp(at, ZoneInfo(zone))
    return here.hour * 60 + here.minute


def within(hours: tuple[int, int], at: float, zone: str) -> bool:
    first, last = hours
    minute = clock_of(at, zone)
    return first <= minute < last if first <= last else minute >= first or minute < last


def may(one: Bid, person: Person, at: float) -> bool:
    """Whether a bid may go at that moment, but for the count and the topics."""
    if not one.earliest <= at < one.latest:
        return False
    if not one.live and (at < person.paused_until or (person.only_medicines and not one.topic.startswith("medicine"))):
        return False
    ours = person.withheld
    free = ours is None or one.live or one.chosen or one.topic in ours.asked_for
    if ours and not free and (one.kind in ours.kinds or one.topic in ours.topics):
        return False
    if person.quiet is not None:
        if within(person.quiet, at, person.zone):
            return False
    elif not (one.chosen or one.live) and within(person.usual_quiet, at, person.zone):
        return False
    today = day_of(at, person.zone).name
    if today in person.festive and one.kind in ("coaching", "education"):
        return False
    if today in person.fasting and one.topic.partition(".")[0] in person.food and within(person.fast_hours, at, person.zone):
        return False
    return person.free_until is None or one.template or at < person.free_until


def today_and_on(at: float, zone: str, days: int) -> list[str]:
    first = datetime.fromtimestamp(at, ZoneInfo(zone)).date()
    return [(first + timedelta(days=number)).isoformat() for number in range(days)]


hours = st.tuples(st.integers(0, 47), st.integers(0, 47)).map(lambda two: (two[0] * 30, two[1] * 30))
nows = st.builds(lambda base, steps: base + steps * STEP, st.sampled_from((NOON, DST)), st.integers(-60, 60))


@st.composite
def bids(draw: st.DrawFn, now: float, *, most: int = 9, plain: bool = False) -> list[Bid]:
    made = []
    for number in range(draw(st.integers(0, most))):
        earliest = now + draw(st.integers(-20, 20)) * STEP
        latest = earliest + draw(st.integers(0, 100)) * STEP
        made.append(
            Bid(
                id=f"b{number}",
                kind=draw(st.sampled_from(KINDS if plain else (*KINDS, "emergency"))),
                topic=f"t{number}" if plain else draw(st.sampled_from(TOPICS)),
                earliest=earliest,
                latest=latest,
                best=0.0 if plain else earliest + draw(st.integers(0, 60)) * STEP,
                usefulness=draw(st.integers(0, 3)),
                merge="" if plain else draw(st.sampled_from(("", "", "a", "b"))),
                chosen=draw(st.booleans()),
                live=draw(st.booleans()),
                template=draw(st.booleans()),
                owed=False if plain else draw(st.booleans()),
                size=1 if plain else draw(st.integers(1, 3)),
            )
        )
    return made


@st.composite
def people(draw: st.DrawFn, now: float) -> Person:
    zone = draw(st.sampled_from(ZONES))
    days = today_and_on(now, zone, 4)
    heard = []
    for _ in range(draw(st.integers(0, 6))):
        at = now - draw(st.integers(0, 60)) * STEP
        day = day_of(at, draw(st.sampled_from((zone, zone, *ZONES))))
        heard.append(heard_at(at, day, draw(st.sampled_from(TOPICS))))
    return Person(
        zone=zone,
        limit=draw(st.sampled_from((2, 5, 5))),
        most=5,
        usual_quiet=(1320, 420),
        quiet=draw(st.none() | hours),
        paused_until=draw(st.just(0.0) | st.integers(-10, 100).map(lambda steps: now + steps * STEP)),
        only_medicines=draw(st.booleans()),
        withheld=draw(st.sampled_from((None, None, OURS))),
        free_until=draw(st.none() | st.integers(-10, 100).map(lambda steps: now + steps * STEP)),
        festive=draw(st.frozensets(st.sampled_from(days))),
        fasting=draw(st.frozensets(st.sampled_from(days))),
        fast_hours=(300, 1110),
        food=frozenset({"meal"}),
        heard=tuple(heard),
    )
