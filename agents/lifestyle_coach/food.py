"""What the coach knows of foods and of the words around them: plain data, made by content.py from dialogs/food."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Kind = Literal["food", "measure", "number", "size", "deny_before", "deny_after", "join", "nothing", "day", "amount"]


class Portion(Struct, frozen=True):
    """One portion of one food: its weight and our estimate of its carbohydrate, in grams."""

    grams: float
    low: float
    high: float


class Food(Struct, frozen=True):
    """``names``: what it is called, per language. The first of ``portions`` is meant where none was told; ``uncounted``: how many
    people usually eat who give no number. ``apart``: the food that is meant where a part of it (sugar) was denied or counted.
    ``absorbed_by``: groups and foods after which this word only says how that one was cooked ("okra curry"). ``made_of``: groups
    and foods that only say, right before this word, what it was made of, and the food that is meant then ("egg curry")."""

    id: str
    group: str
    names: dict[str, str]
    portions: dict[str, Portion]
    uncounted: tuple[float, float] = (1.0, 1.0)
    swaps: tuple[str, ...] = ()
    apart: dict[str, str] = {}
    absorbed_by: frozenset[str] = frozenset()
    made_of: dict[str, str] = {}

    @property
    def usual(self) -> str:
        """The measure that is meant where none was told."""
        return next(iter(self.portions))

    def name(self, language: str) -> str:
        """What it is called in a language, or else in English."""
        return self.names.get(language) or self.names["en"]


class Sense(Struct, frozen=True):
    """What a word or phrase says. ``what``: the food, measure, size or kind of day; ``value``: of a number or a size. An
    ``amount`` is a number and a measure in one word (Assamese "ebati", one bowl)."""

    kind: Kind
    what: str
    value: float = 1.0


class FoodTable(Struct, frozen=True):
    """All of it. ``phrases``: words, folded and split as messages are, to what they say in each language; English first.
    ``measures``: millilitres, where one holds a volume. ``endings``: what may follow a noun, by script, the longest first.
    ``measure_names``: per language."""

    foods: dict[str, Food]
    phrases: dict[tuple[str, ...], dict[str, Sense]]
    measures: dict[str, float | None]
    measure_names: dict[str, dict[str, str]]
    endings: dict[str, tuple[str, ...]]
