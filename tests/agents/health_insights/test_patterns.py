"""Each pattern is found where it is, and not with one reading too few, nor where it may be chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.health_insights.patterns import patterns
from agents.health_insights.sample import Sample
from tests.agents.health_insights.diary import RULES, TARGETS, TODAY, at, samples


def ids(every: Sequence[Sample], missed: Sequence[int] = ()) -> list[str]:
    days = frozenset(TODAY - timedelta(days=ago) for ago in missed)
    return [one.id for one in patterns(every, days, TARGETS, RULES)]


def nights(rises: Sequence[float]) -> list[Sample]:
    """Bedtime 110, and the next morning so much more."""
    return [one for ago, rise in enumerate(rises) for one in (at(ago + 1, 22, 110, "bedtime"), at(ago, 6, 110 + rise, "fasting"))]


def test_mornings_above_the_evenings_before() -> None:
    assert ids(nights([40, 45, 38, 50, 42])) == ["morning_rise"]
    assert ids(nights([40, 45, 38, 50])) == []
    assert ids(nights([20, 25, 18, 20, 22])) == []
    assert ids(nights([40, 45, -160, 50, 42])) == [], "five so different nights may be chance"


def test_after_midnight_still_is_the_evening_before() -> None:
    assert ids([one for ago in range(5) for one in (at(ago, 1, 110 + ago), at(ago, 6, 160, "fasting"))]) == ["morning_rise"]


def test_an_evening_without_its_morning_is_no_pair() -> None:
    evenings = [at(ago, 22, 110, "bedtime") for ago in range(2, 12, 2)]
    mornings = [at(ago, 6, 160, "fasting") for ago in range(2, 12, 2)]
    assert ids([*evenings, *mornings]) == []


def test_most_readings_after_dinner_above_their_target() -> None:
    dinners = [at(ago, 21, value, "after_meal") for ago, value in enumerate([210, 220, 170, 230, 190, 175])]
    assert ids(dinners) == ["after_dinner_highs"]
    assert ids(dinners[:4]) == []
    evenly = [*dinners, at(6, 21, 150, "after_meal"), at(7, 21, 150, "after_meal")]
    assert ids(evenly) == [], "half of them is not most of them"
    assert ids([at(ago, 14, 240, "after_meal") for ago in range(6)]) == [], "lunch is no dinner"


@pytest.mark.parametrize(("value", "expected"), [(190, ["weekend_higher"]), (100, ["weekend_lower"]), (155, [])])
def test_weekends_that_differ(value: float, expected: list[str]) -> None:
    weekends = [at(ago, 14, value + ago % 3) for ago in (3, 4, 10, 11)]  # Sunday and Saturday
    weekdays = [at(ago, 14, 140 + ago % 5) for ago in (0, 1, 2, 5, 6, 7, 8, 9)]
    assert ids([*weekends, *weekdays]) == expected
    assert ids([*weekends[:3], *weekdays]) == []
    assert ids([*weekends, *weekdays[:7]]) == []


def test_one_bad_weekend_day_is_no_effect_of_weekends() -> None:
    weekend = [at(3, hour, 240) for hour in (8, 12, 16, 20)]
    assert ids([*weekend, *[at(ago, 14, 140 + ago) for ago in (0, 1, 2, 5, 6, 7, 8, 9)]]) == []


def test_days_of_missed_doses_that_are_higher() -> None:
    missed = [at(ago, 12, 215 + ago) for ago in (1, 1, 2)]
    taken = [at(ago, 12, 150 + ago % 4) for ago in (0, 5, 6, 7, 8, 9)]
    assert ids([*missed, *taken], [1, 2]) == ["higher_on_missed_days"]
    assert ids([*missed, *taken]) == []
    assert ids([*missed[:2], *taken], [1, 2]) == []


def test_lower_days_of_missed_doses_are_not_told() -> None:
    """It would sound like advice to leave out a dose."""
    missed = [at(ago, 12, 100 + ago) for ago in (1, 1, 2)]
    taken = [at(ago, 12, 200 + ago % 4) for ago in (0, 5, 6, 7, 8, 9)]
    assert ids([*missed, *taken], [1, 2]) == []


def test_lows_at_one_time_come_first() -> None:
    lows = [at(1, 3, 62), at(4, 3, 58)]
    dinners = [at(ago, 21, 230, "after_meal") for ago in range(5)]
    assert ids([*dinners, *lows]) == ["lows_at_one_time", "after_dinner_highs"]
    assert ids([at(1, 3, 62), at(1, 4, 58)]) == [], "one night is one night"
    assert ids([at(1, 3, 62), at(4, 12, 58)]) == []
    assert patterns(lows, frozenset(), TARGETS, RULES)[0].part == "night"


@settings(deadline=None, max_examples=60)
@given(samples, st.integers(1, 8))
def test_a_few_more_weeks_of_the_same_change_no_pattern_of_values_alone(every: list[Sample], value: int) -> None:
    """Readings that are all the same show nothing but what they are themselves."""
    flat = [Sample(100.0 + value, one.when, one.context) for one in every]
    assert ids(flat) == []
