"""Days and journeys: through daylight saving and around the earth nobody gets more than a day's notices."""

from __future__ import annotations

import asyncio
from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.memory import MemoryCaps
from bot.model.ids import EffectId, PersonId
from bot.notices.days import clock, day_after, day_of
from bot.notices.person import Heard, heard_at
from bot.notices.planner import plan
from tests.notices.made import DST, NOON, ZONES, bid, someone

HOUR = 3600.0
EVERYWHERE = (*ZONES, "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca")
moments = st.floats(1_735_689_600.0, 1_830_297_600.0).map(int)  # 2025 to 2027
around = st.builds(lambda hours: int(DST + hours * HOUR / 4), st.integers(-200, 200))


@st.composite
def journeys(draw: st.DrawFn) -> list[tuple[float, str]]:
    """When something wanted to be said, and where the person was then, over three days."""
    steps = sorted(draw(st.lists(st.integers(0, 288), min_size=6, max_size=40)))
    start, zone = draw(st.sampled_from((NOON, DST - 30 * HOUR))), draw(st.sampled_from(ZONES))
    journey = []
    for step in steps:
        zone = draw(st.sampled_from((zone, zone, zone, *ZONES)))
        journey.append((start + step * HOUR / 4, zone))
    return journey


def date_of(at: float, zone: str) -> str:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).date().isoformat()


def most_of_a_day(sent: list[tuple[float, str]]) -> int:
    """Of all places where the person was told something, the most that had come by then on the day that it was there."""
    return max(
        (sum(date_of(at, zone) == date_of(now, zone) for at, _ in sent[: place + 1]) for place, (now, zone) in enumerate(sent)),
        default=0,
    )


def most_on_days_that_last(sent: list[tuple[float, str]]) -> int:
    """The most that had come while the day on which it came was not over where it came: who flies east does not begin anew."""
    return max(
        (sum(date_of(now, before) == date_of(at, before) for at, before in sent[:place]) for place, (now, _) in enumerate(sent)),
        default=0,
    )


@given(moments | around, st.sampled_from(EVERYWHERE))
def test_a_day_is_what_the_clock_there_calls_one(at: int, zone: str) -> None:
    day = day_of(at, zone)
    assert day.name == date_of(at, zone) == date_of(day.start, zone) == date_of(day.end - 1, zone)
    assert day.start <= at < day.end
    assert date_of(day.start - 1, zone) != day.name
    following = day_after(day, zone)
    assert following.start == day.end
    assert 23 * HOUR <= day.end - day.start <= 25 * HOUR


@given(moments | around, st.sampled_from(EVERYWHERE), st.integers(0, 1439))
def test_a_time_of_a_day_is_in_it_and_later_times_are_not_earlier(at: int, zone: str, minutes: int) -> None:
    day = day_of(at, zone)
    assert day.start <= clock(day, zone, minutes) <= day.end
    assert clock(day, zone, minutes) <= clock(day, zone, min(1440, minutes + 61))


@given(journeys())
def test_a_journey_gives_nobody_a_sixth_by_the_planner(journey: list[tuple[float, str]]) -> None:
    heard: tuple[Heard, ...] = ()
    sent: list[tuple[float, str]] = []
    for number, (now, zone) in enumerate(journey):
        what = bid(f"b{number}", earliest=now, latest=now + 60, chosen=True)
        if plan([what], someone(zone=zone, usual_quiet=(0, 0), heard=heard), now)[what.id].verdict == "send":
            heard = (*heard, heard_at(now, day_of(now, zone), what.id))
            sent.append((now, zone))
    assert most_of_a_day(sent) <= 5
    assert most_on_days_that_last(sent) <= 4


@given(journeys())
def test_a_journey_gives_nobody_a_sixth_by_the_count(journey: list[tuple[float, str]]) -> None:
    async def attempts() -> list[tuple[float, str]]:
        caps, person = MemoryCaps(), PersonId("p")
        return [
            (now, zone)
            for number, (now, zone) in enumerate(journey)
            if await caps.take(person, EffectId(f"n{number}"), 5, day=day_of(now, zone), now=now)
        ]

    sent = asyncio.run(attempts())
    assert most_of_a_day(sent) <= 5
    assert most_on_days_that_last(sent) <= 4


@given(st.lists(st.integers(0, 288), min_size=6, max_size=60), st.sampled_from(ZONES))
def test_who_stays_gets_five_of_each_day_that_has_them(steps: list[int], zone: str) -> None:
    """The count is not stricter than the day: what was sent yesterday takes nobody's place today."""
    heard: tuple[Heard, ...] = ()
    wanted: dict[str, int] = {}
    sent: dict[str, int] = {}
    for number, step in enumerate(sorted(steps)):
        now = DST - 30 * HOUR + step * HOUR / 4
        day = day_of(now, zone)
        wanted[day.name] = wanted.get(day.name, 0) + 1
        what = bid(f"b{number}", earliest=now, latest=now + 60, chosen=True)
        if plan([what], someone(zone=zone, usual_quiet=(0, 0), heard=heard), now)[what.id].verdict == "send":
            heard = (*heard, heard_at(now, day, what.id))
            sent[day.name] = sent.get(day.name, 0) + 1
    assert sent == {name: min(5, count) for name, count in wanted.items()}
