"""What the planner is told of a person: their wishes, the calendar, what they have heard, what the day owes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from bot.dialogue.scene import Scene
from bot.notices.bid import Bid, is_medicine
from bot.notices.days import Day, clock, day_of
from bot.notices.person import Heard, Hours, Ours, Person, heard_at
from bot.notices.window import window_end
from bot.understanding.festivals import Calendar
from config.notices import NoticeRules, OfOurOwn, days_from, minutes_of, span

PUT_OFF = "notice"
"""Why of the wake-ups that bring back what was put off."""

CARE_MESSAGES = "care_messages"
"""The purpose of the consent that lets us write of ourselves."""
OWED_FOR = 7200.0  # seconds in which a dose that the day owes is still worth a place
HEARD_FOR = 2 * 86_400.0
COUNTED_FOR = 86_400.0 + 3600.0  # the longest day
HEARD_LIMIT = 20


class Dates:
    """The days of festivals and of fasts, made once."""

    def __init__(self, rules: NoticeRules, calendar: Calendar | None) -> None:
        known = calendar.festivals if calendar else {}
        self.fasts = _days(rules.fasts.days, known)
        self.festive = frozenset().union(*_days(rules.festivals.days, known).values())


def _days(wanted: Mapping[str, int], known: Mapping[str, object]) -> dict[str, frozenset[str]]:
    return {
        name: frozenset().union(*(days_from(first, count) for first in getattr(known[name], "dates", ())))
        for name, count in wanted.items()
        if name in known
    }


def person_of(scene: Scene, dates: Dates) -> Person:
    session, profile, behaviour = scene.session, scene.session.profile, scene.policy.behaviour
    rules = scene.policy.notices
    usual, fast_hours, food = _rules(rules)
    fasting = dates.fasts.get(str(profile.get("fast")), frozenset())
    if isinstance(day := profile.get("fast_on"), str):
        fasting |= {day}
    official = session.channel is not None and session.channel.integration == "cloud"
    paused = profile.get("paused_until")
    return Person(
        zone=scene.zone,
        limit=min(rules.less_per_day, behaviour.notices_per_day) if profile.get("pace") == "fewer" else behaviour.notices_per_day,
        most=behaviour.notices_per_day,
        usual_quiet=usual,
        quiet=_own_quiet(profile.get("quiet_from"), profile.get("quiet_until")),
        paused_until=float(paused) if isinstance(paused, int | float) else 0.0,
        only_medicines=profile.get("pace") == "medicines",
        withheld=_ours(rules.of_our_own) if scene.consented and not scene.agreed(CARE_MESSAGES) else None,
        free_until=window_end(session.last_inbound_at) if official else None,
        festive=dates.festive if scene.country in rules.festivals.countries else frozenset(),
        fasting=fasting,
        fast_hours=fast_hours,
        food=food,
        heard=tuple(session.heard),
    )


def owed(scene: Scene) -> Iterator[Bid]:
    """Medicines that the day still owes: the hours that are known, else those at which they came yesterday."""
    today, yesterday = day_of(scene.now, scene.zone), day_of(scene.now - 86_400.0, scene.zone)
    hours = scene.session.profile.get("medicine_hours")
    if isinstance(hours, str):  # "08:00 20:00", of the reminders that the person has
        times = {minutes for one in hours.split() if (minutes := minutes_of(one)) is not None}
    else:
        times = {_minutes(one, scene.zone) for one in scene.session.heard if is_medicine(one.topic) and _of(one, yesterday)}
    for minutes in sorted(times):
        due = clock(today, scene.zone, minutes)
        if due > scene.now:
            yield Bid(f"owed:{minutes}", "reminder", f"medicine.owed/{minutes}", due, due + OWED_FOR, chosen=True, owed=True)


def remember(scene: Scene, topic: str, count: int) -> None:
    """So many notices about this were sent now. Without a topic they are only counted: it cannot come twice."""
    kept = [one for one in scene.session.heard if _counts_still(one, scene.now)]
    scene.session.heard = [*kept, *[heard_at(scene.now, day_of(scene.now, scene.zone), topic)] * count][-HEARD_LIMIT:]


def _counts_still(one: Heard, now: float) -> bool:
    """A day and a journey for the count; of yesterday's medicines the hours tell what today owes."""
    return now - one.at < (HEARD_FOR if is_medicine(one.topic) else COUNTED_FOR)


def _of(one: Heard, day: Day) -> bool:
    return day.start <= one.at < day.end


def _minutes(one: Heard, zone: str) -> int:
    from_midnight = one.at - day_of(one.at, zone).start
    return min(1439, int(from_midnight // 60))


def _own_quiet(first: object, last: object) -> Hours | None:
    begin, end = minutes_of(first), minutes_of(last)
    return None if begin is None or end is None else (begin, end)


@lru_cache(maxsize=8)
def _ours(rules: OfOurOwn) -> Ours:
    return Ours(frozenset(rules.classes), frozenset(rules.topics), frozenset(rules.asked_for))


@lru_cache(maxsize=8)
def _rules_of(quiet: tuple[str, str], fast: tuple[str, str], food: tuple[str, ...]) -> tuple[Hours, Hours, frozenset[str]]:
    return span(quiet), span(fast), frozenset(food)


def _rules(rules: NoticeRules) -> tuple[Hours, Hours, frozenset[str]]:
    return _rules_of(rules.quiet, rules.fasts.hours, rules.fasts.topics)
