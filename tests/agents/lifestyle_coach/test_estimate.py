"""Ranges of carbohydrate."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agents.lifestyle_coach.eaten import Item
from agents.lifestyle_coach.estimate import Estimate, of_item, rounded, total
from agents.lifestyle_coach.food import FoodTable
from config.lifestyle import Lifestyle


def test_a_told_count_multiplies_the_portion(table: FoodTable, numbers: Lifestyle) -> None:
    one = of_item(Item("roti", 1), table, numbers.carbohydrate)
    two = of_item(Item("roti", 2), table, numbers.carbohydrate)
    assert (two.low, two.high) == (2 * one.low, 2 * one.high)
    assert not two.assumed


def test_without_a_count_the_range_is_as_wide_as_people_eat(table: FoodTable, numbers: Lifestyle) -> None:
    told, untold = (of_item(Item("roti", count), table, numbers.carbohydrate) for count in (1, None))
    assert untold.assumed
    assert untold.high == 3 * told.high


def test_a_measure_that_a_food_lacks_is_converted_and_said_to_be_assumed(table: FoodTable, numbers: Lifestyle) -> None:
    katori = of_item(Item("rasam", 1, "katori"), table, numbers.carbohydrate)
    cup = of_item(Item("rasam", 1, "cup"), table, numbers.carbohydrate)
    assert (cup.assumed, katori.assumed) == (True, False)
    assert cup.low < katori.low < katori.high < cup.high
    grams = of_item(Item("rice", 100, "gram"), table, numbers.carbohydrate)
    assert 15 <= grams.low <= grams.high <= 40


def test_small_estimates_are_told_in_whole_grams_and_others_in_fives(numbers: Lifestyle) -> None:
    assert rounded(Estimate(1.2, 4.4, False), numbers.carbohydrate) == (1, 5)
    assert rounded(Estimate(41.0, 61.0, False), numbers.carbohydrate) == (40, 65)


@given(st.lists(st.tuples(st.floats(0, 200), st.floats(0, 200)), max_size=8))
def test_what_is_told_always_holds_what_was_estimated(numbers: Lifestyle, pairs: list[tuple[float, float]]) -> None:
    every = [Estimate(min(pair), max(pair), False) for pair in pairs]
    whole = total(every)
    low, high = rounded(whole, numbers.carbohydrate)
    assert 0 <= low <= whole.low <= whole.high <= high


@given(st.data())
def test_every_item_has_a_believable_range(table: FoodTable, numbers: Lifestyle, data: st.DataObject) -> None:
    food = data.draw(st.sampled_from(sorted(table.foods)))
    measure = data.draw(st.none() | st.sampled_from(sorted(table.measures)))
    count = data.draw(st.none() | st.floats(0.25, 20))
    found = of_item(Item(food, count, measure), table, numbers.carbohydrate)
    assert 0 <= found.low <= found.high
