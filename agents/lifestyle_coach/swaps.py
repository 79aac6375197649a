"""What may be offered instead of a food, seldom and never as a reproach. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from agents.lifestyle_coach.eaten import Item
from agents.lifestyle_coach.estimate import Estimate
from agents.lifestyle_coach.food import FoodTable
from agents.lifestyle_coach.life import AFTER_ADVICE
from bot.model.effects import Record
from config.lifestyle import Swaps

KIND: Final = "swap_offered"
HOUR: Final = 3600.0


class Swap(Struct, frozen=True):
    """Foods by their ids."""

    instead_of: str
    offer: str


class Moment(Struct, frozen=True):
    """What is known of the person at the meal."""

    at: float
    days: Sequence[str] = ()  # kinds of day
    festival: bool = False
    after_low: bool = False  # they may have eaten because their sugar was low


def choose(
    items: Sequence[tuple[Item, Estimate]], table: FoodTable, offered: Sequence[Record], moment: Moment, rules: Swaps
) -> Swap | None:
    """One swap at most: for the food that brings most carbohydrate, one that was not offered lately."""
    if moment.festival or moment.after_low or any(day in AFTER_ADVICE for day in moment.days):
        return None
    ages = [(abs(moment.at - record.at), record.data.get("instead_of"), record.data.get("offer")) for record in offered]
    if any(age < rules.hours_between * HOUR for age, _, _ in ages):
        return None
    lately = {(old, new) for age, old, new in ages if age < rules.same_again_days * 24 * HOUR}
    eaten = {item.food for item, _ in items}
    for item, estimate in sorted(items, key=lambda pair: -pair[1].middle):
        if estimate.middle < rules.least_grams:
            break
        for offer in table.foods[item.food].swaps:
            if offer not in eaten and (item.food, offer) not in lately:
                return Swap(item.food, offer)
    return None
