"""Trends: nothing without enough data, the gravest first, one at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agents.clinical_monitor.trends import (
    DAY,
    HIGH,
    LOW,
    Finding,
    Value,
    average_change,
    fast_gain,
    findings,
    missed_days,
    repeated,
    rising,
    worth_telling,
)  # fmt: skip
from config.policy import load_policy

CLINICAL = load_policy().clinical
RULES = CLINICAL.trends
NOW = 1000 * DAY


def values(*days_and_values: tuple[float, float], grade: str = "high") -> list[Value]:
    return [Value(NOW - days * DAY, value, grade) for days, value in days_and_values]


def test_three_highs_within_seven_days() -> None:
    assert repeated(values((6.9, 260), (3, 270), (0, 280)), HIGH, RULES.three_highs, NOW)
    assert not repeated(values((7.1, 260), (3, 270), (0, 280)), HIGH, RULES.three_highs, NOW)
    assert not repeated(values((2, 260), (0, 280)), HIGH, RULES.three_highs, NOW)
    assert not repeated(values((2, 100), (1, 100), (0, 100), grade="in_range"), HIGH, RULES.three_highs, NOW)


def test_the_rechecks_of_one_low_are_one_low() -> None:
    hour = 1 / 24
    once = values((1, 60), (1 - hour / 4, 65), (1 - hour / 2, 68), grade="low")
    assert not repeated(once, LOW, RULES.three_lows, NOW)
    assert len(repeated([*once, *values((2, 60), (3, 50), grade="critical_low")], LOW, RULES.three_lows, NOW)) == 3


def test_an_average_changes_only_with_enough_readings_on_enough_days() -> None:
    before = [(7.5 + day, 150.0) for day in range(6)]
    after = [(0.5 + day, 190.0) for day in range(6)]
    assert average_change(values(*before, *after), RULES.average, NOW) == (150.0, 190.0)
    assert average_change(values(*before[1:], *after), RULES.average, NOW) is None
    assert average_change(values(*before, *[(0.5, 190.0)] * 6), RULES.average, NOW) is None  # all on one day
    assert average_change(values(*before, *[(day, 165.0) for day, _ in after]), RULES.average, NOW) is None  # too little change
    assert (
        average_change(values(*[(day, 200.0) for day, _ in before], *[(day, 225.0) for day, _ in after]), RULES.average, NOW)
        is None
    )
    assert average_change(values(*before, *[(day, 110.0) for day, _ in after]), RULES.average, NOW) == (150.0, 110.0)


def test_weight_that_came_too_fast() -> None:
    gains = CLINICAL.weight.fast_gain

    def gained(*days_and_kilograms: tuple[float, float]) -> float | None:
        return fast_gain([(NOW - days * DAY, kilograms) for days, kilograms in days_and_kilograms], NOW, gains)

    assert gained((1, 70), (0, 71.6)) == 1.6
    assert gained((1, 70), (0, 71.5)) is None
    assert gained((3, 70), (0, 71.9)) is None
    assert gained((3, 70), (0, 72.1)) == 2.1
    assert gained((7, 70), (0, 72.4)) == 2.4
    assert gained((9, 70), (0, 75)) is None
    assert gained((0, 75)) is None
    assert gained((3, 75), (0, 70)) is None
    assert gained() is None


def test_weight_that_creeps_up() -> None:
    rule = RULES.weight_rising

    def gained(*days_and_kilograms: tuple[float, float]) -> float | None:
        found = rising([(NOW - days * DAY, kilograms) for days, kilograms in days_and_kilograms], rule, NOW)
        return found.facts["gained"] if found else None

    assert gained((13, 70), (6, 71), (0, 72)) == 2.0
    assert gained((13, 70), (6, 71), (0, 71.9)) is None
    assert gained((15, 70), (6, 71), (3, 71.5), (0, 72)) is None  # too long ago
    assert gained((13, 70), (12.9, 71), (0, 72)) is None  # on too few days
    assert gained((13, 70), (6, 73), (0, 72)) is None  # it is going down again
    assert gained() is None


def test_missed_readings_of_somebody_who_used_to_measure() -> None:
    measured = [NOW - days * DAY for days in (4, 5, 7, 9, 11)]
    assert missed_days(measured, RULES.missed, NOW) == 4
    assert missed_days(measured[1:], RULES.missed, NOW) is None  # too few days before
    assert missed_days([*measured, NOW - DAY], RULES.missed, NOW) is None
    assert missed_days([], RULES.missed, NOW) is None
    assert missed_days([NOW - 5 * DAY] * 9, RULES.missed, NOW) is None  # one day only


def test_the_gravest_is_told_and_its_group_then_keeps_quiet() -> None:
    lows = values((3, 60), (2, 60), (1, 60), grade="low")
    highs = values((3.5, 260), (2.5, 260), (1.5, 260))
    found = findings([*lows, *highs], RULES, NOW)
    assert [one.rule for one in found] == ["three_lows", "three_highs"]
    told = dict[str, float]()
    first = worth_telling(found, told, NOW)
    assert first == Finding("three_lows", 7, {"count": 3, "days": 7, "least": 60})
    told[first.group] = NOW
    second = worth_telling(found, told, NOW)
    assert second == found[1]
    told[second.group] = NOW
    assert worth_telling(found, told, NOW + 6.9 * DAY) is None
    assert worth_telling([Finding("average_rising", 14, {})], told, NOW + 8 * DAY) is None  # of the same group as highs
    assert worth_telling(found, told, NOW + 7 * DAY) == first


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(20, 600)), max_size=40), st.randoms())
def test_the_order_in_which_readings_come_changes_nothing(made: list[tuple[float, float]], random: object) -> None:
    some = values(*made)
    assert findings(some, RULES, NOW) == findings(some[::-1], RULES, NOW)
    if len(some) < RULES.three_highs.count:
        assert findings(some, RULES, NOW) == []
