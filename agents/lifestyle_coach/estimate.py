"""From items to grams of carbohydrate, as a range. Pure arithmetic; never for working out a dose."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor

from msgspec import Struct

from agents.lifestyle_coach.eaten import Item
from agents.lifestyle_coach.food import Food, FoodTable, Portion
from config.lifestyle import Carbohydrate


class Estimate(Struct, frozen=True):
    """Grams of carbohydrate. ``assumed``: we had to guess how much it was."""

    low: float
    high: float
    assumed: bool

    @property
    def middle(self) -> float:
        return (self.low + self.high) / 2


NOTHING = Estimate(0.0, 0.0, False)


def of_item(item: Item, table: FoodTable, numbers: Carbohydrate) -> Estimate:
    """One item's range."""
    food = table.foods[item.food]
    portion, listed = _portion(food, item.measure, table)
    count_low = count_high = item.count if item.count is not None else 1.0
    told = item.count is not None or item.measure is not None or item.size is not None
    if not told:
        count_low, count_high = food.uncounted
    if item.count is None and item.measure is not None and item.size is None:
        told = True
    spread = 0.0 if listed else numbers.assumed_spread
    low = portion.low * count_low * item.scale * (1 - spread)
    high = portion.high * count_high * item.scale * (1 + spread)
    return Estimate(low, high, not told or not listed)


def total(estimates: Iterable[Estimate]) -> Estimate:
    """The range of a meal. The sums of the ends are honest: whoever eats more of one thing often eats more of all."""
    every = list(estimates)
    return Estimate(sum(one.low for one in every), sum(one.high for one in every), any(one.assumed for one in every))


def rounded(estimate: Estimate, numbers: Carbohydrate) -> tuple[int, int]:
    """As it is told: outwards to fives, small ones to whole grams."""
    step = numbers.round_to
    if estimate.high < 2 * step:
        return floor(estimate.low), ceil(estimate.high)
    return floor(estimate.low / step) * step, ceil(estimate.high / step) * step


def _portion(food: Food, measure: str | None, table: FoodTable) -> tuple[Portion, bool]:
    """The portion that a measure means, and whether it stands in the table; otherwise it is converted or assumed."""
    usual = food.portions[food.usual]
    if measure is None:
        return usual, True
    if measure in food.portions:
        return food.portions[measure], True
    if measure in ("gram", "millilitre"):
        return _scaled(usual, 1 / usual.grams), True
    volume = table.measures.get(measure)
    for name, portion in food.portions.items():
        known = table.measures.get(name)
        if volume and known:
            return _scaled(portion, volume / known), False
    return usual, False


def _scaled(portion: Portion, by: float) -> Portion:
    return Portion(portion.grams * by, portion.low * by, portion.high * by)
