"""Movement of one person against their goals: minutes of a week, steps of a day."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from agents.lifestyle_coach import data as given
from agents.lifestyle_coach import life
from agents.result import Result
from bot.errors import Malformed
from bot.model.effects import Intent, Record
from bot.ports.store import Store
from config.lifestyle import Activity, Lifestyle

ACTIVITY: Final = "activity"
GOAL: Final = "activity_goal"
MOST: Final = 300  # records of a week and more
MOST_MINUTES: Final = 1440.0
MOST_STEPS: Final = 200_000.0


class Sum(Struct, frozen=True):
    """``minutes`` as they were told in the week, ``towards``: what counts for the goal (vigorous minutes more), ``steps``: of the
    day (a counter of steps counts the whole day, so the largest number is the day's)."""

    minutes: float
    towards: float
    steps: float


def week_of(records: Sequence[Record], upto: Record, zone: ZoneInfo, begins: int, numbers: Activity) -> Sum:
    """The week (from the weekday ``begins``) and the day of a record, up to and including it: later ones change nothing of what
    it meant."""
    weights = {str(kind): numbers.weight[intensity] for kind, intensity in numbers.intensity.items()}
    day = _day(upto.at, zone)
    first = day - datetime.timedelta(days=(day.weekday() - begins) % 7)
    minutes = towards = steps = 0.0
    for record in records:
        if (record.at, record.id) > (upto.at, upto.id):
            continue
        date = _day(record.at, zone)
        told = record.data.get("minutes") or 0.0
        if first <= date <= day:
            minutes += told
            towards += told * weights.get(record.data.get("kind") or "other", 1.0)
        if date == day:
            steps = max(steps, record.data.get("steps") or 0.0)
    return Sum(minutes, towards, steps)


class Moves:
    """What people tell of their walks, sports and steps."""

    def __init__(self, store: Store, numbers: Lifestyle) -> None:
        self._store, self._numbers = store, numbers

    async def record(self, intent: Intent, now: float) -> Result:
        """``record_activity``: recorded, or goal_reached where this one reached the goal of the week or of the day."""
        numbers, data = self._numbers.activity, intent.data
        minutes = given.number(data, "minutes", 0, MOST_MINUTES)
        steps = given.number(data, "steps", 0, MOST_STEPS)
        if not minutes and not steps:
            raise Malformed("record_activity: neither minutes nor steps")
        kind = given.one_of(data, "kind", numbers.intensity, "walk" if steps and not minutes else "other")
        supersedes = given.known_id(data, "supersedes")
        mine = Record(
            intent.id, intent.person, ACTIVITY, given.happened_at(intent, now),
            {"kind": kind, "minutes": minutes, "steps": steps, "supersedes": supersedes},
        )  # fmt: skip
        every, goals, told = await asyncio.gather(
            *[self._store.records(intent.person, what, MOST) for what in (ACTIVITY, GOAL, life.KIND)]
        )
        kept = next((one for one in every if one.id == intent.id), None)
        if kept is None:
            await self._store.record([mine])
            every = [*every, mine]
        mine = kept or mine
        zone, begins = given.zone_of(data), given.week_begins(data)
        records = given.standing(every)
        goal = self._goal(goals, mine.at)
        after = week_of([*records, mine] if mine not in records else records, mine, zone, begins, numbers)
        earlier = week_of([one for one in records if one.id != mine.id], mine, zone, begins, numbers)
        reached = (earlier.towards < goal["minutes"] <= after.towards) or (earlier.steps < goal["steps"] <= after.steps)
        days = life.standing(told, mine.at)
        facts = {
            "week_minutes": round(after.minutes),
            "week_goal": goal["minutes"],
            "day_steps": round(after.steps),
            "steps_goal": goal["steps"],
            "intensity": numbers.intensity[mine.data["kind"]],
            "about_minutes": round(after.steps / numbers.steps_a_minute) if mine.data["steps"] else None,
            "ill": "ill" in days,
        }
        return Result("goal_reached" if reached else "recorded", facts)

    async def set_goal(self, intent: Intent, now: float) -> Result:
        """``set_activity_goal``: the person's own goal, or their doctor's. recorded, or out_of_range."""
        numbers = self._numbers.activity
        minutes = given.number(intent.data, "minutes", 0, 1e6)
        steps = given.number(intent.data, "steps", 0, 1e6)
        if not minutes and not steps:
            raise Malformed("set_activity_goal: neither minutes nor steps")
        if minutes and not numbers.least_goal <= minutes <= numbers.most_goal:
            return Result("out_of_range", {"least": numbers.least_goal, "most": numbers.most_goal})
        if steps and steps > numbers.most_steps_goal:
            return Result("out_of_range", {"least": 1, "most": numbers.most_steps_goal})
        at = given.happened_at(intent, now)
        await self._store.record([Record(intent.id, intent.person, GOAL, at, {"minutes": minutes, "steps": steps})])
        return Result("recorded", self._goal(await self._store.records(intent.person, GOAL, MOST), at))

    def _goal(self, every: Sequence[Record], at: float) -> dict[str, Any]:
        """What stood at a moment: the newest word on each, or what everybody has."""
        found = {"minutes": self._numbers.activity.week_minutes, "steps": self._numbers.activity.day_steps}
        for record in given.standing(every):
            if record.at <= at:
                found |= {name: round(value) for name, value in record.data.items() if name in found and value}
        return found


def _day(at: float, zone: ZoneInfo) -> datetime.date:
    return datetime.datetime.fromtimestamp(at, zone).date()
