"""A reminder over its days, as pure data."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from agents.engagement_engine.rule import moment, rule_of
from agents.engagement_engine.schedule import (
    Call,
    Reminder,
    called,
    closed,
    later,
    looked_at,
    next_due,
    over,
    read,
    without_today,
    write,
)  # fmt: skip

INDIA = "Asia/Kolkata"
NINE = 1_764_041_400.0  # 25 November 2025, 9:00 in India
HOUR, DAY, LATE = 3600.0, 86_400.0, 7200.0
TEN = NINE + HOUR


def daily(clock: str = "10:00") -> Reminder:
    return Reminder("medicine", rule_of("daily", clock, INDIA, NINE), INDIA, ("Metformin",))


def test_it_is_called_once_a_day() -> None:
    reminder = daily()
    assert next_due(reminder) == TEN
    assert called(reminder, TEN - 1, LATE) is None
    call = called(reminder, TEN, LATE)
    assert call == Call("2025-11-25T10:00", TEN)
    after = looked_at(reminder, call, TEN)
    assert called(after, TEN + 1, LATE) is None
    assert next_due(after) == TEN + DAY


def test_what_is_too_late_is_over_and_brings_no_burst() -> None:
    reminder = daily()
    assert called(reminder, TEN + LATE, LATE) is None
    now = TEN + 5 * DAY + HOUR
    call = called(reminder, now, LATE)
    assert call is not None
    assert call.key == "2025-11-30T10:00"
    assert next_due(looked_at(reminder, call, now)) == TEN + 6 * DAY


def test_later_asks_again_until_it_is_answered_or_the_next_one_comes() -> None:
    call = called(daily(), TEN, LATE)
    reminder = later(looked_at(daily(), call, TEN), "2025-11-25T10:00", TEN + 1800)
    assert reminder is not None
    assert next_due(reminder) == TEN + 1800
    again = called(reminder, TEN + 1800, LATE)
    assert again == Call("2025-11-25T10:00", TEN + 1800, 1)
    asked = looked_at(reminder, again, TEN + 1800)
    assert (asked.open, asked.again, next_due(asked)) == ("2025-11-25T10:00", 1, TEN + DAY)
    assert next_due(closed(reminder, "2025-11-25T10:00")) == TEN + DAY
    assert closed(reminder, "2025-11-24T10:00") == reminder
    assert later(reminder, "2025-11-24T10:00", TEN) is None
    tomorrow = called(reminder, TEN + DAY, LATE)
    assert tomorrow is not None
    assert tomorrow.again == 0


def test_a_pause_leaves_out_what_lies_in_it() -> None:
    paused = replace(daily(), paused_until=TEN + 7 * DAY - HOUR)
    assert next_due(paused) == TEN + 7 * DAY
    assert called(paused, TEN, LATE) is None
    looked = looked_at(paused, None, TEN)
    assert next_due(looked) == TEN + 7 * DAY


def test_today_can_be_left_out() -> None:
    reminder, count = without_today(daily(), NINE)
    assert count == 1
    assert next_due(reminder) == TEN + DAY
    assert without_today(reminder, NINE)[1] == 0
    assert called(reminder, TEN, LATE) is None
    told = looked_at(daily(), called(daily(), TEN, LATE), TEN)
    asked = later(told, told.open, TEN + 1800)
    assert asked is not None
    assert without_today(asked, TEN)[1] == 1


def test_once_is_once() -> None:
    once = Reminder("other", rule_of("once", "10:00", INDIA, NINE), INDIA, text="Water")
    told = looked_at(once, called(once, TEN, LATE), TEN)
    assert next_due(told) is None
    assert over(told)
    asked = later(told, told.open, TEN + 1800)
    assert asked is not None
    assert not over(asked)


def test_it_is_the_same_after_it_was_stored() -> None:
    reminder = replace(daily(), was=rule_of("weekly", "10:00", INDIA, NINE), skipped=("2025-11-26T10:00",))
    assert read(write(reminder.answered("i1", "set", {"a": 1}))) == reminder.answered("i1", "set", {"a": 1})


@given(st.lists(st.tuples(st.floats(0, 2 * DAY), st.sampled_from(["look", "later", "done", "skip_today"])), max_size=30))
def test_no_call_comes_twice_whatever_happens(steps: list[tuple[float, str]]) -> None:
    reminder, now, calls = daily(), NINE, list[tuple[str, int]]()
    for step, what in steps:
        now += step
        match what:
            case "look":
                call = called(reminder, now, LATE)
                if call is not None:
                    assert moment(call.key, INDIA) <= now < call.at + LATE
                    calls.append((call.key, call.again))
                reminder = looked_at(reminder, call, now)
                due = next_due(reminder)
                assert due is not None
                assert due > now
            case "later":
                reminder = later(reminder, reminder.open, now + 1800) or reminder if reminder.open else reminder
            case "done":
                reminder = closed(reminder, reminder.open)
            case _:
                reminder, _count = without_today(reminder, now)
    assert len(set(calls)) == len(calls)
    assert [key for key, again in calls if again == 0] == sorted({key for key, again in calls if again == 0})
