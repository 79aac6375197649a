"""A caregiver's digest of one patient, put together from the content's words. Pure.

Only what stands in ``Told`` can be said. Symptoms, moods, meals, what was talked about and all else that is the patient's own
are not in it: they cannot slip in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import reduce
from typing import Any, Final, Literal

from msgspec import Struct

from agents.engagement_engine.words import Says, clock

LONGEST: Final = 690  # characters of one patient's part
WELL: Final = ("measured", "in_range", "no_lows", "doses_taken", "better")
LOOK: Final = (
    "very_lows", "lows", "lows_at_one_time", "morning_rise", "after_dinner_highs", "weekend_higher", "higher_on_missed_days",
    "doses_missed", "worse", "few_days", "no_readings",
)  # fmt: skip
DO: Final = {
    "very_lows": "do_lows", "lows": "do_lows", "lows_at_one_time": "do_lows", "doses_missed": "do_doses",
    "few_days": "do_measure", "no_readings": "do_measure", "higher_on_missed_days": "do_doses",
}  # fmt: skip
OTHERWISE: Final = "do_clinic"
ALL_WELL: Final = "do_praise"
LINES: Final = (
    "digest_list", "digest_name", "digest_well", "digest_look", "digest_doses", "digest_count", "digest_values", "digest_visit",
)  # fmt: skip
NAMES: Final = frozenset(
    {*LINES, *(f"well_{one}" for one in WELL), *(f"look_{one}" for one in LOOK), *DO.values(), OTHERWISE, ALL_WELL}
)

Scope = Literal["digest", "all"]


class Told(Struct, frozen=True):
    """``name``: as the patient wants to be called there. Values are there only where the scope is ``all``."""

    name: str
    scope: Scope
    well: tuple[str, ...] = ()
    look: tuple[str, ...] = ()
    taken: int = 0
    missed: int = 0
    count: int = 0
    average: int | None = None
    lowest: int | None = None
    highest: int | None = None
    visit_day: str = ""
    visit_time: str = ""


def told_of(name: str, scope: Scope, facts: Mapping[str, Any], visit: tuple[str, str] | None) -> Told:
    """Of the health insights' facts what may be told."""
    wide = scope == "all"

    def whole(field: str) -> int | None:
        value = facts.get(field)
        return int(value) if wide and isinstance(value, int | float) else None

    return Told(
        name, scope,
        tuple(one for one in WELL if one in facts.get("well", ())), tuple(one for one in LOOK if one in facts.get("look", ())),
        int(facts.get("taken") or 0), int(facts.get("missed") or 0), int(facts.get("count") or 0),
        whole("average"), whole("lowest"), whole("highest"), *(visit or ("", "")),
    )  # fmt: skip


def block(told: Told, words: Says, language: str, unit: str) -> str:
    """One patient's part of the message."""

    def listed(kind: str, ids: tuple[str, ...]) -> str:
        each = (words.say(f"{kind}_{one}", language) for one in ids)
        return reduce(lambda said, one: words.say("digest_list", language, said=said, one=one), each)

    lines = [words.say("digest_name", language, name=told.name)]
    if told.well:
        lines.append(words.say("digest_well", language, what=listed("well", told.well)))
    if told.look:
        lines.append(words.say("digest_look", language, what=listed("look", told.look[:3])))
    if told.taken or told.missed:
        lines.append(words.say("digest_doses", language, taken=told.taken, missed=told.missed))
    if told.count and told.average is not None:
        values = {"average": told.average, "lowest": told.lowest, "highest": told.highest, "unit": unit}
        lines.append(words.say("digest_values", language, count=told.count, **values))
    elif told.count:
        lines.append(words.say("digest_count", language, count=told.count))
    if told.visit_day:
        tongue = words.tongue(language)
        day, time = tongue.day(date.fromisoformat(told.visit_day)), clock(told.visit_time, tongue)
        lines.append(words.say("digest_visit", language, day=day, time=time))
    first = told.look[0] if told.look else ""
    lines.append(words.say(DO.get(first, OTHERWISE if first else ALL_WELL), language, name=told.name))
    return "\n".join(lines)[:LONGEST]
