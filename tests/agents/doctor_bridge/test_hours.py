"""A clinic's hours on its own clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.doctor_bridge.hours import Hours
from config.care_team import Member

ZONE = "Asia/Kolkata"


def member(**hours: list[str]) -> Member:
    return Member.model_validate(
        {"id": "rao", "role": "doctor", "name": "Dr Rao", "phone": "+919800000011", "clinic": "main", "hours": hours}
    )


def at(text: str, zone: str = ZONE) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


CLINIC = Hours([member(mon=["09:00-13:00"], tue=["09:00-13:00", "16:00-19:00"]), member(mon=["12:00-14:00"])], ZONE)
# 24 November 2025 is a Monday.


@pytest.mark.parametrize(
    ("now", "open_", "opening"),
    [
        ("2025-11-24T08:59", False, "2025-11-24T09:00"),
        ("2025-11-24T09:00", True, "2025-11-25T09:00"),
        ("2025-11-24T13:30", True, "2025-11-25T09:00"),
        ("2025-11-24T14:00", False, "2025-11-25T09:00"),
        ("2025-11-25T14:00", False, "2025-11-25T16:00"),
        ("2025-11-25T19:00", False, "2025-12-01T09:00"),
    ],
)
def test_open_and_next_open(now: str, open_: bool, opening: str) -> None:
    assert CLINIC.open_at(at(now)) is open_
    assert CLINIC.next_opening(at(now)) == at(opening)


@pytest.mark.parametrize(
    ("now", "minutes", "then"),
    [
        ("2025-11-24T09:00", 60, "2025-11-24T10:00"),
        ("2025-11-24T13:50", 60, "2025-11-25T09:50"),
        ("2025-11-24T20:00", 30, "2025-11-25T09:30"),
        ("2025-11-25T12:30", 60, "2025-11-25T16:30"),
    ],
)
def test_minutes_count_only_at_work(now: str, minutes: float, then: str) -> None:
    assert CLINIC.after(at(now), minutes) == at(then)


def test_where_nobody_works_there_is_no_time() -> None:
    nobody = Hours([member()], ZONE)
    assert (nobody.open_at(0), nobody.next_opening(0), nobody.after(0, 1)) == (False, None, None)


def test_a_night_from_one_day_to_the_next_is_one() -> None:
    night = Hours([member(mon=["20:00-23:59"], tue=["00:00-06:00"])], ZONE)
    assert night.after(at("2025-11-24T23:00"), 120) == at("2025-11-25T01:00")


def test_a_clock_that_jumps_keeps_the_hours_of_the_wall() -> None:
    berlin = Hours([member(sun=["01:00-05:00"])], "Europe/Berlin")  # 30 March 2025: 2:00 becomes 3:00
    assert berlin.after(at("2025-03-30T01:00", "Europe/Berlin"), 120) == at("2025-03-30T04:00", "Europe/Berlin")


@given(st.floats(1_700_000_000, 1_900_000_000), st.floats(1, 3000), st.floats(1, 3000))
def test_more_work_is_never_done_earlier(now: float, one: float, more: float) -> None:
    first, second = CLINIC.after(now, one), CLINIC.after(now, one + more)
    assert first is None or first >= now + one * 60 - 1
    assert second is None or (first is not None and second > first)
