"""Occurrences: in the person's zone, each once, never outside the rule, right where the clock jumps."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.engagement_engine.rule import OFTEN, Often, Rule, at_clock, following, last_due, moment, rule_of

ZONES = ["Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia"]
NOW = st.integers(1_700_000_000, 1_900_000_000).map(float)
CLOCK = st.times().map(lambda one: one.strftime("%H:%M"))
INDIA, BERLIN = "Asia/Kolkata", "Europe/Berlin"
NINE = 1_764_041_400.0  # Tuesday, 25 November 2025, 9:00 in India


def keys(rule: Rule, zone: str, count: int, after: str = "") -> list[str]:
    found = list[str]()
    for _ in range(count):
        one = following(rule, zone, after)
        if one is None:
            break
        found.append(after := one.key)
    return found


def test_a_day_a_week_and_a_month_begin_with_the_next_such_time() -> None:
    assert keys(rule_of("daily", "08:00", INDIA, NINE), INDIA, 2) == ["2025-11-26T08:00", "2025-11-27T08:00"]
    assert keys(rule_of("daily", "09:01", INDIA, NINE), INDIA, 1) == ["2025-11-25T09:01"]
    assert keys(rule_of("weekly", "08:00", INDIA, NINE, weekday=1), INDIA, 2) == ["2025-12-02T08:00", "2025-12-09T08:00"]
    assert keys(rule_of("weekly", "10:00", INDIA, NINE, weekday=1), INDIA, 1) == ["2025-11-25T10:00"]
    assert keys(rule_of("once", "08:00", INDIA, NINE), INDIA, 5) == ["2025-11-26T08:00"]


def test_the_last_day_of_a_month_is_there_in_each_month() -> None:
    rule = rule_of("monthly", "10:00", INDIA, NINE, day=date(2025, 12, 31))
    assert [key[:10] for key in keys(rule, INDIA, 4)] == ["2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31"]
    rule = rule_of("monthly", "10:00", INDIA, NINE, day=date(2025, 12, 15))
    assert [key[:10] for key in keys(rule, INDIA, 2)] == ["2025-12-15", "2026-01-15"]


def test_a_time_that_the_clock_skips_comes_once_and_an_hour_on() -> None:
    rule = Rule("FREQ=DAILY", "2026-03-28T02:30")
    moments = [datetime.fromtimestamp(moment(key, BERLIN), ZoneInfo(BERLIN)) for key in keys(rule, BERLIN, 3)]
    assert [one.strftime("%d %H:%M") for one in moments] == ["28 02:30", "29 03:30", "30 02:30"]


def test_a_time_that_the_clock_shows_twice_comes_once() -> None:
    rule = Rule("FREQ=DAILY", "2026-10-24T02:30")
    moments = [moment(key, BERLIN) for key in keys(rule, BERLIN, 3)]
    assert [after - before for before, after in pairwise(moments)] == [86_400.0, 90_000.0]
    # After it was told at the first 02:30, the second one brings nothing.
    assert last_due(rule, BERLIN, "2026-10-25T02:30", moments[1] + 3600) is None


def test_of_an_outage_only_the_newest_is_looked_at() -> None:
    rule = rule_of("daily", "08:00", INDIA, NINE)
    found = last_due(rule, INDIA, "", NINE + 5 * 86_400)
    assert found is not None
    assert found.key == "2025-11-30T08:00"


def test_another_clock_keeps_the_rule() -> None:
    rule = rule_of("weekly", "08:00", INDIA, NINE, weekday=4)
    assert at_clock(rule, "21:30", INDIA, NINE) == Rule(rule.text, "2025-11-28T21:30")
    once = rule_of("once", "20:00", INDIA, NINE)
    assert keys(at_clock(once, "07:00", INDIA, NINE), INDIA, 2) == ["2025-11-26T07:00"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("often", OFTEN)
@given(now=NOW, clock=CLOCK, weekday=st.integers(0, 6), count=st.integers(1, 12))
def test_each_occurrence_is_of_the_rule_and_comes_once(
    zone: str, often: Often, now: float, clock: str, weekday: int, count: int
) -> None:
    rule = rule_of(often, clock, zone, now, weekday=weekday if often == "weekly" else None)
    found = keys(rule, zone, count)
    assert len(found) == (1 if often == "once" else count)
    assert len(set(found)) == len(found)
    assert found == sorted(found)
    assert all(key.endswith(f"T{clock}") for key in found)
    assert moment(found[0], zone) >= now - 2 * 3600  # not before, but for a clock that is just set
    if often == "weekly":
        assert {datetime.fromisoformat(key).weekday() for key in found} == {weekday}
    moments = [moment(key, zone) for key in found]
    assert all(before < after for before, after in pairwise(moments))


@pytest.mark.parametrize("zone", ZONES)
@given(now=NOW, clock=CLOCK, steps=st.lists(st.floats(0, 3 * 86_400), max_size=20), skipped=st.sets(st.integers(0, 20)))
def test_whenever_somebody_looks_nothing_comes_twice_too_early_or_skipped(
    zone: str, now: float, clock: str, steps: list[float], skipped: set[int]
) -> None:
    rule = rule_of("daily", clock, zone, now)
    first = datetime.fromisoformat(rule.start)
    left_out = {(first + timedelta(days=one)).isoformat(timespec="minutes") for one in skipped}
    told, after = list[str](), ""
    for step in steps:
        now += step
        one = last_due(rule, zone, after, now, left_out)
        if one is not None:
            assert one.at <= now
            assert one.key not in left_out
            told.append(after := one.key)
            assert last_due(rule, zone, after, now, left_out) is None
    assert told == sorted(set(told))
