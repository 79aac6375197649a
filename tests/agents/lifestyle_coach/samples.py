"""The labelled meals of dialogs/eval/meals, and how many are read exactly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from msgspec import Struct

from agents.lifestyle_coach.eaten import Item
from agents.lifestyle_coach.meal import MealReader

FOLDER = Path(__file__).parents[3] / "dialogs/eval/meals"
Wanted = frozenset[tuple[str, float | None, str | None, str | None]]


class Sample(Struct, frozen=True):
    """One message and what must be read."""

    language: str
    text: str
    wanted: Wanted


def samples(name: str) -> list[Sample]:
    """Those of ``dev``, ``unseen`` or ``patients``."""
    found = []
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            language, text, wanted = (part.strip() for part in line.split("|"))
            found.append(Sample(language, text, frozenset(_wanted(one.split()) for one in wanted.split(";"))))
    return found


def _wanted(words: list[str]) -> tuple[str, float | None, str | None, str | None]:
    food, *rest = words
    size = next((word[1:] for word in rest if word.startswith("*")), None)
    count = next((float(word) for word in rest if word[0].isdigit()), None)
    measure = next((word for word in rest if word.isalpha()), None)
    return food, count, measure, size


def read(items: tuple[Item, ...]) -> Wanted:
    """Items in the form of the labels."""
    return frozenset((one.food, one.count, one.measure, one.size) for one in items)


def is_right(reader: MealReader, sample: Sample) -> bool:
    """Whether it is read exactly, by somebody who speaks its language."""
    return read(reader.read(sample.text, sample.language.partition("-")[0]).items) == sample.wanted


def exact(reader: MealReader, found: list[Sample]) -> tuple[Counter[str], Counter[str]]:
    """How many samples there are, and how many are read exactly, by language."""
    every: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for sample in found:
        every[sample.language] += 1
        right[sample.language] += is_right(reader, sample)
    return every, right
