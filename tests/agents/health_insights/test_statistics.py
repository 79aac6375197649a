"""What must hold of any readings, and what the numbers are of some."""

from __future__ import annotations

from datetime import date, timedelta
from math import isclose
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.health_insights.glucose import BANDS, averages, band_of, estimated_a1c, spread
from agents.health_insights.numbers import differs, percentages, variation
from agents.health_insights.review import review
from agents.health_insights.sample import Sample, days_in_a_row, part_of_day, sample
from agents.health_insights.vitals import direction, pressure, pulse, weight
from tests.agents.health_insights.diary import KNOWN, RULES, TODAY, at, known, samples

missed_days = st.frozensets(st.integers(0, 60).map(lambda ago: TODAY - timedelta(days=ago)))


@settings(max_examples=80, deadline=None)
@given(samples, missed_days, st.sampled_from([1, 7, 30, 90]), st.randoms(use_true_random=False))
def test_the_order_of_readings_changes_nothing(every: list[Sample], missed: frozenset[date], days: int, random: Random) -> None:
    who = known(missed=missed)
    shuffled = list(every)
    random.shuffle(shuffled)
    assert review(every, TODAY, days, who, RULES) == review(shuffled, TODAY, days, who, RULES)


@settings(max_examples=120, deadline=None)
@given(samples, missed_days, st.sampled_from([1, 7, 30, 90]), st.booleans())
def test_any_readings_can_be_looked_over(every: list[Sample], missed: frozenset[date], days: int, pregnant: bool) -> None:
    found = review(every, TODAY, days, known(pregnant=pregnant, missed=missed), RULES)
    if found is None:
        assert not [one for one in every if (TODAY - one.day).days < days]
        return
    assert found.lowest <= found.average + 1e-6
    assert found.average <= found.highest + 1e-6
    assert 0 <= found.in_target <= found.count
    assert found.very_lows <= found.lows <= found.count
    assert found.days <= min(days, found.count)
    assert 0 <= found.streak <= found.best_streak
    assert found.target_streak <= found.streak
    if found.bands:
        assert sum(found.bands.percent) == 100
        assert sum(found.bands.counts) == found.count
    if found.a1c is not None:
        assert not pregnant
        assert RULES.estimated_a1c.lowest <= found.a1c <= RULES.estimated_a1c.highest
    assert len({one.id for one in found.patterns}) == len(found.patterns)


@given(st.lists(st.integers(0, 1000), max_size=12))
def test_shares_sum_to_a_hundred_and_keep_their_order(counts: list[int]) -> None:
    shares = percentages(counts)
    assert sum(shares) == (100 if sum(counts) else 0)
    for one, share in zip(counts, shares, strict=True):
        for other, others in zip(counts, shares, strict=True):
            assert one <= other or share >= others
        assert not sum(counts) or abs(share - 100 * one / sum(counts)) < 1


@given(st.lists(st.floats(20, 600), max_size=30), st.floats(1.1, 5))
def test_variation_does_not_depend_on_the_unit(values: list[float], factor: float) -> None:
    ours, theirs = variation(values), variation([value * factor for value in values])
    assert (ours is None) == (theirs is None) == (len(values) < 2)
    assert ours is None or theirs is None or isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-5)


@given(st.floats(20, 700))
def test_bands_are_in_the_order_of_values(value: float) -> None:
    assert BANDS.index(band_of(value, RULES.shares)) <= BANDS.index(band_of(value + 0.5, RULES.shares))


def test_the_ends_of_the_range_are_in_range() -> None:
    assert [band_of(value, RULES.shares) for value in (53.9, 54, 69.9, 70, 180, 180.1, 250, 250.1)] == [
        "very_low", "low", "low", "in_range", "in_range", "high", "high", "very_high",
    ]  # fmt: skip


def test_estimated_hba1c_is_that_of_the_adag_study() -> None:
    """An average of 154 mg/dL is 7 %. It needs readings of several parts of the day, and enough of them."""
    rule, parts = RULES.estimated_a1c, RULES.parts_of_day
    hours = (7, 13, 19)
    spread_out = [at(ago, hours[ago % 3], 154) for ago in range(rule.readings)]
    found = estimated_a1c(spread_out, rule, parts)
    assert found is not None
    assert round(found, 2) == 6.99
    assert estimated_a1c(spread_out[1:], rule, parts) is None
    assert estimated_a1c([at(ago, 7, 154) for ago in range(60)], rule, parts) is None
    assert estimated_a1c([at(ago % 19, hours[ago % 3], 154) for ago in range(60)], rule, parts) is None


def test_many_readings_before_breakfast_do_not_outweigh_the_rest_of_the_day() -> None:
    rule, parts = RULES.estimated_a1c, RULES.parts_of_day
    mornings = [at(ago, 7, 100) for ago in range(60)]
    rest = [at(ago, hour, 200) for ago in range(4) for hour in (13, 19)]
    found = estimated_a1c([*mornings, *rest], rule, parts)
    assert found is not None
    assert round(found, 2) == round(((100 + 200 + 200) / 3 + 46.7) / 28.7, 2)


def test_parts_of_the_day_are_those_of_the_clock() -> None:
    named = {hour: part_of_day(at(0, hour, 100).when, RULES.parts_of_day) for hour in range(24)}
    assert [named[hour] for hour in (0, 4, 5, 10, 11, 16, 17, 20, 21, 23)] == [
        "night", "night", "morning", "morning", "midday", "midday", "evening", "evening", "late_evening", "late_evening",
    ]  # fmt: skip


def test_averages_are_told_where_there_are_enough_readings() -> None:
    found = averages([at(0, 7, 100), at(1, 7, 110), at(2, 7, 120), at(0, 19, 200), at(1, 19, 220)], RULES)
    assert [(one.part, one.average, one.count) for one in found] == [("morning", 110.0, 3)]


def test_spread_needs_a_week_of_readings() -> None:
    two_a_day = [at(ago, hour, value) for ago in range(7) for hour, value in ((7, 100), (19, 200))]
    found = spread(two_a_day, RULES.variability)
    assert found is not None
    assert round(found, 1) == 34.6
    assert spread(two_a_day[:-1], RULES.variability) is None
    assert spread([at(ago % 6, 7, 100) for ago in range(40)], RULES.variability) is None


def test_hba1c_is_not_estimated_in_pregnancy() -> None:
    enough = [at(ago, (7, 13, 19)[ago % 3], 154) for ago in range(60)]
    usual, pregnant = (review(enough, TODAY, 7, known(pregnant=which), RULES) for which in (False, True))
    assert usual is not None
    assert pregnant is not None
    assert (usual.a1c is None, pregnant.a1c is None) == (False, True)


def test_times_out_of_any_calendar_and_unknown_zones_do_no_harm() -> None:
    assert sample(100, 1e30, "Asia/Kolkata").when.year == 1970
    assert sample(100, 0, "Mars/Olympus").when.utcoffset() == timedelta(hours=5, minutes=30)
    assert sample(100, 1_764_100_000, "Europe/Berlin").when.hour == 20


def test_in_range_in_pregnancy_is_narrower() -> None:
    high = [at(ago, 9, 160) for ago in range(10)]
    usual, pregnant = (review(high, TODAY, 30, known(pregnant=which), RULES) for which in (False, True))
    assert usual is not None
    assert pregnant is not None
    assert usual.bands is not None
    assert pregnant.bands is not None
    assert (usual.bands.in_range, pregnant.bands.in_range) == (100, 0)


def test_each_reading_is_held_to_the_target_of_its_time() -> None:
    found = review([at(0, 7, 150, "fasting"), at(0, 9, 150, "after_meal"), at(1, 9, 150)], TODAY, 7, KNOWN, RULES)
    assert found is not None
    assert found.in_target == 2


def test_a_streak_lives_until_the_end_of_the_next_day() -> None:
    def ago(*days: int) -> tuple[int, int]:
        return days_in_a_row([TODAY - timedelta(days=one) for one in days], TODAY)

    assert ago() == (0, 0)
    assert ago(0, 1, 2, 4) == (3, 3)
    assert ago(1, 2) == (2, 2)
    assert ago(2, 3, 4, 5) == (0, 4)
    assert ago(-1, 0) == (1, 1)


def test_a_period_is_compared_with_the_one_before() -> None:
    now = [at(ago, 8, 140) for ago in range(5)]
    before = [at(7 + ago, 8, 190) for ago in range(5)]
    found = review([*now, *before], TODAY, 7, KNOWN, RULES)
    assert found is not None
    assert found.compared is not None
    assert (found.compared.average, round(found.compared.average_change)) == ("lower", -50)
    assert (found.compared.in_range, found.compared.in_range_change) == ("higher", 100)
    fewer = review([*now, *before[:4]], TODAY, 7, KNOWN, RULES)
    assert fewer is not None
    assert fewer.compared is None


@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(0.1, 50))
def test_directions_are_mirrored(now: float, before: float, at_least: float) -> None:
    mirror = {"higher": "lower", "lower": "higher", "same": "same"}
    assert direction(before, now, at_least) == mirror[direction(now, before, at_least)]


@given(st.lists(st.floats(20, 600), max_size=8), st.lists(st.floats(20, 600), max_size=8))
def test_a_difference_has_two_sides(ours: list[float], others: list[float]) -> None:
    gap, back = differs(ours, others, 2.0), differs(others, ours, 2.0)
    assert (gap is None) == (back is None)
    assert gap is None or back is None or isclose(gap, -back)


def test_pressure_is_told_in_pairs() -> None:
    found = pressure(
        [at(0, 8, 140, second=90), at(1, 8, 120, second=70), at(2, 8, 128, second=85), at(2, 9, 100)], (130, 80), RULES
    )
    assert found is not None
    assert (found.count, found.lowest, found.highest, found.in_target) == (3, (120, 70), (140, 90), 1)
    assert found.morning is not None
    assert found.morning == pytest.approx((129.33, 81.67), abs=0.01)
    assert found.evening is None
    assert pressure([at(0, 8, 120)], (130, 80), RULES) is None


def test_a_change_of_weight_within_the_error_of_scales_is_none() -> None:
    steady, fallen = weight([at(9, 8, 71), at(0, 8, 70.8)], RULES), weight([at(9, 8, 71), at(0, 8, 70)], RULES)
    assert steady is not None
    assert fallen is not None
    assert (steady.change, fallen.change) == (None, -1)
    assert weight([], RULES) is None


def test_usual_pulses_are_counted() -> None:
    found = pulse([at(0, 8, 55), at(1, 8, 60), at(2, 8, 100), at(3, 8, 110)], RULES.heart_rate)
    assert found is not None
    assert (found.usual, found.average) == (2, 81.25)
    assert pulse([], RULES.heart_rate) is None
