"""What was eaten, from the words in order: which amount belongs to which food, and what was denied. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from msgspec import Struct

from agents.lifestyle_coach.amount import MOST, WEIGHED, Amount, amount_of, is_amount
from agents.lifestyle_coach.food import Food, Sense

SUGAR: Final = "sugar"  # "sugar 182" is a reading of the meter and no food


class Item(Struct, frozen=True):
    """``count`` and ``measure`` as they were told; None: they were not."""

    food: str
    count: float | None = None
    measure: str | None = None
    size: str | None = None
    scale: float = 1.0  # of the size


class Part(Struct, frozen=True):
    """One word or phrase that says something."""

    sense: Sense | None  # None: a break


class _Told(Struct):
    """One food of the message, and what was told of it."""

    food: Food
    amount: Amount
    denied: bool = False
    segment: int = 0


class Said:
    """Goes through the parts, segment by segment (a segment ends at a comma, an "and" or a full stop)."""

    def __init__(self, foods: dict[str, Food]) -> None:
        self._foods = foods
        self._told: list[_Told] = []
        self._segment: list[Sense] = []
        self._segments = 0
        self._denying = False

    def take(self, part: Part) -> None:
        if part.sense is None or part.sense.kind == "join":
            self._close()
        else:
            self._segment.append(part.sense)

    def done(self) -> tuple[tuple[Item, ...], tuple[str, ...]]:
        self._close()
        denied = [told.food.id for told in self._told if told.denied]
        told = _inside(_absorbed([one for one in self._told if not one.denied]))
        counted = [one.food.id for one in told]
        items: list[Item] = []
        for one in told:
            food = one.food
            for part, instead in food.apart.items():
                if part in denied or part in counted:
                    food = self._foods[instead]
                    break
            item = Item(food.id, one.amount.count, one.amount.measure, one.amount.size, one.amount.scale)
            same = next((at for at, before in enumerate(items) if before.food == item.food), None)
            if same is None:
                items.append(item)
            elif items[same].count is None and items[same].measure is None:
                items[same] = item
            elif item.count is not None and items[same].count is not None and item.measure == items[same].measure:
                before = items[same]
                items[same] = Item(item.food, (before.count or 0) + item.count, item.measure, before.size, before.scale)
        return tuple(items), tuple(dict.fromkeys(denied))

    def _close(self) -> None:
        senses, self._segment = self._segment, []
        loud = [one for one in senses if one.kind not in ("nothing", "day")]
        if not loud:
            return
        self._segments += 1
        if any(one.kind == "number" and one.value > MOST for one in loud) and not any(one.what in WEIGHED for one in loud):
            senses = [one for one in senses if one.what != SUGAR]
        trailing = self._trailing(loud)
        pending: list[Sense] = []
        before: _Told | None = None
        quiet = 0  # how many words that say nothing came since the last food
        for sense in senses:
            match sense.kind:
                case "number" | "measure" | "size" | "amount":
                    pending.append(sense)
                case "deny_before":
                    self._denying = True
                case "deny_after":
                    if before is not None and quiet <= 1 and not pending:
                        before.denied = True
                case "food":
                    food = self._foods[sense.what]
                    if self._denying and before is not None and before.food.id in food.apart:
                        before.denied, self._denying = True, False  # "cheeni bina chai"
                    if before is not None and not pending and quiet <= 1 and not before.denied:
                        dish = food.made_of.get(before.food.id) or food.made_of.get(before.food.group)
                        if dish is not None:
                            before.food, quiet = self._foods[dish], 0
                            continue
                    first = before is not None and loud[0].what == before.food.id
                    if before is not None and pending and _goes_back(pending, before, food, trailing, first):
                        before.amount.join(amount_of(pending))
                        pending = []
                    before = _Told(food, amount_of(pending), self._denying, self._segments)
                    self._told.append(before)
                    pending, self._denying, quiet = [], False, 0
                case _:
                    quiet += 1
        if before is None and self._told and pending:
            before = self._told[-1]  # "rice, 1 katori"
        if before is not None and pending:
            amount = amount_of(pending)
            if not before.amount.told or not amount.told or (before.amount.measure is None and amount.count is None):
                before.amount.join(amount)

    def _trailing(self, loud: list[Sense]) -> bool:
        """Whether amounts follow their foods here: the last word is one, or, where foods stand at both ends, a thing that is
        counted stands first and every food but the last has its number ("idli 3 vada 1 sambar")."""
        if is_amount(loud[0]) or loud[0].kind != "food":
            return False
        if is_amount(loud[-1]):
            return True
        foods = [at for at, sense in enumerate(loud) if sense.kind == "food"]
        told = all(any(is_amount(one) for one in loud[at:following]) for at, following in pairwise(foods))
        return len(foods) > 2 and told and self._foods[loud[0].what].usual == "piece"


def _goes_back(pending: list[Sense], before: _Told, after: Food, trailing: bool, first: bool) -> bool:
    """Whether an amount between two foods belongs to the first of them. ``trailing``: in this segment amounts follow; ``first``:
    no other amount can be meant for that food."""
    if before.amount.told:
        return False
    if trailing:
        return True
    measure = next((sense.what for sense in pending if sense.kind in ("measure", "amount")), None)
    if measure is not None:
        return measure in before.food.portions and (first or measure not in after.portions)
    return before.food.usual == "piece" and after.usual != "piece"


def _inside(told: list[_Told]) -> list[_Told]:
    """Without the sugar of "coffee with sugar": the usual coffee has it. Two spoons of it are counted apart."""
    usual = {part for one in told for part in one.food.apart}
    return [one for one in told if one.food.id not in usual or one.amount.told]


def _absorbed(told: list[_Told]) -> list[_Told]:
    """Without words that only say how the food before was cooked."""
    kept: list[_Told] = []
    for one in told:
        last = kept[-1] if kept else None
        if (
            last is not None
            and last.segment == one.segment
            and not one.amount.told
            and one.food.absorbed_by & {last.food.id, last.food.group}
            and last.food.id != one.food.id
        ):
            continue
        kept.append(one)
    return kept
