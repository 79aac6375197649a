"""What was eaten, from the words in order: which amount belongs to which food, and what was denied. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from agents.lifestyle_coach.food import Food, Sense

MOST: Final = 20.0  # of one thing: more is no count (a reading, a time, a price); what is weighed may be more
MOST_WEIGHED: Final = 2000.0
WEIGHED: Final = ("gram", "millilitre")
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
    amount: _Amount
    denied: bool = False
    segment: int = 0


class _Amount(Struct):
    """A number, a measure and a size that belong together."""

    count: float | None = None
    measure: str | None = None
    size: str | None = None
    scale: float = 1.0

    @property
    def told(self) -> bool:
        return self.count is not None or self.measure is not None

    def join(self, other: _Amount) -> None:
        self.count = other.count if self.count is None else self.count
        self.measure = other.measure if self.measure is None else self.measure
        if self.size is None:
            self.size, self.scale = other.size, other.scale


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
        told = _absorbed([one for one in self._told if not one.denied])
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
        begins, ends = _is_amount(loud[0]), _is_amount(loud[-1])
        pending: list[Sense] = []
        before: _Told | None = None
        quiet = 0  # how many words that say nothing came since the last food
        for sense in senses:
            match sense.kind:
                case "number" | "measure" | "size":
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
                    if before is not None and pending and _goes_back(pending, before, food, ends and not begins):
                        before.amount.join(_amount(pending))
                        pending = []
                    before = _Told(food, _amount(pending), self._denying, self._segments)
                    self._told.append(before)
                    pending, self._denying, quiet = [], False, 0
                case _:
                    quiet += 1
        if before is None and self._told and pending:
            before = self._told[-1]  # "rice, 1 katori"
        if before is not None and pending:
            amount = _amount(pending)
            if not before.amount.told or not amount.told:
                before.amount.join(amount)


def _is_amount(sense: Sense) -> bool:
    return sense.kind in ("number", "measure", "size")


def _goes_back(pending: list[Sense], before: _Told, after: Food, trailing: bool) -> bool:
    """Whether an amount between two foods belongs to the first of them. ``trailing``: in this segment amounts follow."""
    if before.amount.told:
        return False
    if trailing:
        return True
    if any(sense.kind == "measure" for sense in pending):
        return False
    return before.food.usual == "piece" and after.usual != "piece"


def _amount(senses: list[Sense]) -> _Amount:
    found = _Amount()
    measure = next((sense.what for sense in senses if sense.kind == "measure"), None)
    for sense in senses:
        match sense.kind:
            case "number":
                most = MOST_WEIGHED if measure in WEIGHED else MOST
                if 0 < sense.value <= most:
                    found.count = sense.value if found.count is None else _both(found.count, sense.value)
            case "measure":
                found.measure = found.measure or sense.what
            case _:
                found.size, found.scale = sense.what, sense.value
    if found.measure in WEIGHED and found.count is None:
        found.measure = None
    return found


def _both(first: float, second: float) -> float:
    """ "1 half" is one and a half, "2 quarter plates" half a plate; otherwise the last number counts."""
    return first + second if second < 1 <= first else second


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
