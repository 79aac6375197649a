"""Read a meal: foods with how many, in what measure, of what size; unknown words and the kind of day. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from agents.lifestyle_coach.amount import MOST
from agents.lifestyle_coach.eaten import Item, Part, Said
from agents.lifestyle_coach.food import FoodTable, Sense
from agents.lifestyle_coach.spotting import Spotter
from bot.understanding.amounts import digits_value
from bot.understanding.text import Token, tokenize

MOST_UNKNOWN: Final = 5
HALVES: Final = {"2": 2.0, "3": 3.0, "4": 4.0}
CLOCK: Final = frozenset({"am", "pm", "baje", "बजे", "oclock", "o'clock", ":"})
BREAKS: Final = frozenset(",;.+&|!?।\n\u060c\u06d4")


class Meal(Struct, frozen=True):
    """``denied``: foods that the person says they did not have. ``unknown``: words that we do not know, as they were written.
    ``days``: kinds of day that the words speak of."""

    items: tuple[Item, ...]
    denied: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


class MealReader:
    """Reads meals with one table, which takes a while to be made ready for it. ``read`` is a function of the text."""

    def __init__(self, table: FoodTable) -> None:
        self.table, self._spotter = table, Spotter(table)

    def read(self, text: str, language: str | None = None) -> Meal:
        """Whatever the text is; what is no meal has no items. ``language``: of the person; their words may be of any."""
        tokens = tokenize(text.replace("\n", ","))
        parts, unknown = self._parts(text, tokens, language and language.partition("_")[0])
        days = tuple(dict.fromkeys(part.sense.what for part in parts if part.sense and part.sense.kind == "day"))
        said = Said(self.table.foods)
        for part in parts:
            said.take(part)
        items, denied = said.done()
        return Meal(items, denied, unknown, days)

    def _parts(self, text: str, tokens: list[Token], language: str | None) -> tuple[list[Part], tuple[str, ...]]:
        """Numbers, breaks and everything known, in order; and the unknown words."""
        spots = {spot.start: spot for spot in self._spotter.spots(tokens, language)}
        parts: list[Part] = []
        unknown: list[str] = []
        at = 0
        while at < len(tokens):
            token, spot = tokens[at], spots.get(at)
            if spot is not None:
                parts.append(Part(spot.sense))
                at = spot.end
            elif token.kind == "number":
                value, end = _number(tokens, at)
                if not _is_clock(tokens, end):
                    parts.append(Part(Sense("number", "", value)))
                at = end
            elif token.kind == "mark":
                if token.text in BREAKS:
                    parts.append(Part(None))
                at += 1
            else:
                if len(token.text) > 1:
                    unknown.append(text[token.start : token.end])
                at += 1
        return parts, tuple(dict.fromkeys(unknown))[:MOST_UNKNOWN]


def _number(tokens: list[Token], at: int) -> tuple[float, int]:
    """A number in digits, a fraction ("1/2", "1 1/2"), or the middle of a range ("2-3")."""
    value, end = digits_value(tokens[at].text), at + 1
    if end + 1 < len(tokens) and tokens[end + 1].kind == "number":
        mark, second = tokens[end].text, tokens[end + 1].text
        if mark == "/" and second in HALVES and value < HALVES[second]:
            return value / HALVES[second], end + 2
        if mark in ("-", "\u2013") and value < digits_value(second) <= MOST:
            return (value + digits_value(second)) / 2, end + 2
    if end < len(tokens) and tokens[end].kind == "number" and "." not in tokens[at].text:
        fraction, last = _number(tokens, end)
        if fraction < 1 and last > end + 1:
            return value + fraction, last
    return value, end


def _is_clock(tokens: list[Token], at: int) -> bool:
    """Whether the number before ``at`` tells a time of day."""
    if at >= len(tokens):
        return False
    if tokens[at].text == ":":
        return at + 1 < len(tokens) and tokens[at + 1].kind == "number"
    return tokens[at].text in CLOCK
