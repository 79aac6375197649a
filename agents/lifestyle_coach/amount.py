"""How much of a food was told: a number, a measure and a size that belong together. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from agents.lifestyle_coach.food import Sense

MOST: Final = 20.0  # of one thing: more is no count (a reading, a time, a price); what is weighed may be more
MOST_WEIGHED: Final = 2000.0
WEIGHED: Final = ("gram", "millilitre")


class Amount(Struct):
    """A number, a measure and a size that belong together."""

    count: float | None = None
    measure: str | None = None
    size: str | None = None
    scale: float = 1.0

    @property
    def told(self) -> bool:
        return self.count is not None or self.measure is not None

    def join(self, other: Amount) -> None:
        self.count = other.count if self.count is None else self.count
        self.measure = other.measure if self.measure is None else self.measure
        if self.size is None:
            self.size, self.scale = other.size, other.scale


def is_amount(sense: Sense) -> bool:
    return sense.kind in ("number", "measure", "size", "amount")


def amount_of(senses: list[Sense]) -> Amount:
    found = Amount()
    measure = next((sense.what for sense in senses if sense.kind in ("measure", "amount")), None)
    for sense in senses:
        match sense.kind:
            case "number":
                most = MOST_WEIGHED if measure in WEIGHED else MOST
                if 0 < sense.value <= most:
                    found.count = sense.value if found.count is None else _both(found.count, sense.value)
            case "measure":
                found.measure = found.measure or sense.what
            case "amount":
                found.measure, found.count = found.measure or sense.what, found.count or sense.value
            case _:
                found.size, found.scale = sense.what, sense.value
    if found.measure in WEIGHED and found.count is None:
        found.measure = None
    return found


def _both(first: float, second: float) -> float:
    """ "1 half" is one and a half, "2 quarter plates" half a plate; otherwise the last number counts."""
    return first + second if second < 1 <= first else second
