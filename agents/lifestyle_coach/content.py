"""Make the food table from ``dialogs/food``: every mistake of its authors is found, and told with its file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from msgspec.structs import replace

from agents.lifestyle_coach.food import Food, FoodTable, Portion
from agents.lifestyle_coach.naming import FIRST, Naming
from bot.handwritten.finding import Finding, Unreadable
from bot.handwritten.source import Path_, Source, read_source
from bot.understanding.language_file import split_phrase
from bot.understanding.text import fold

WORDS: Final = "words.yaml"
NAMES: Final = "names"
MOST_GRAMS: Final = 1000.0  # of one portion; more is a slip of the author's finger
MOST_USUAL: Final = 20.0
KEYS: Final = {"portions", "uncounted", "swaps", "apart", "absorbed_by", "made_of"}


def load_food(folder: Path) -> FoodTable:
    """The table. Raises Unreadable with all mistakes."""
    table, mistakes = read_food(folder)
    if mistakes:
        raise Unreadable(mistakes)
    return table


def read_food(folder: Path) -> tuple[FoodTable, list[Finding]]:
    """The table as far as it makes sense, and every mistake, for the lint. Raises Unreadable for files that are no YAML."""
    groups = [path for path in sorted(folder.glob("*.yaml")) if path.name != WORDS]
    names = sorted((folder / NAMES).glob("*.yaml"), key=_rank)
    sources = _sources([folder / WORDS, *groups, *names])
    author = _Author()
    author.words(sources[0])
    for source in sources[1 : len(groups) + 1]:
        author.foods_of(source)
    author.references()
    author.names_of(sources[len(groups) + 1 :])
    return author.table(), sorted(author.mistakes, key=lambda one: (one.file, one.line, one.column, one.message))


def _sources(paths: list[Path]) -> list[Source]:
    """In that order. Raises Unreadable for all that cannot be read."""
    sources: list[Source] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            sources.append(read_source(path, f"{path.parent.name}/{path.name}"))
        except Unreadable as error:
            findings += error.findings
    if findings:
        raise Unreadable(findings)
    return sources


class _Author:
    """Gathers what the files say."""

    def __init__(self) -> None:
        self.mistakes: list[Finding] = []
        self._foods: dict[str, Food] = {}
        self._from: dict[str, tuple[Source, Path_]] = {}
        self._measures: dict[str, float | None] = {}
        self._sizes: dict[str, float] = {}
        self._endings: dict[str, tuple[str, ...]] = {}
        self._naming = Naming({}, {}, frozenset())

    def table(self) -> FoodTable:
        shown = self._naming.shown
        foods = {id: replace(food, names=shown["foods"].get(id) or {FIRST: id}) for id, food in self._foods.items()}
        measures = {name: shown["measures"].get(name) or {FIRST: name} for name in self._measures}
        return FoodTable(foods, self._naming.phrases, self._measures, measures, self._endings)

    # the words around foods

    def words(self, file: Source) -> None:
        self._words = file
        for name, measure in _mapping(file.keys.get("measures")).items():
            ml = _mapping(measure).get("ml")
            self._measures[name] = None if ml is None else float(ml)
        self._sizes = {name: float(by) for name, by in _mapping(file.keys.get("sizes")).items()}
        for script, endings in _mapping(file.keys.get("endings")).items():
            found = {fold(one.strip()) for one in str(endings).split(",")}
            self._endings[script] = tuple(sorted(found - {""}, key=len, reverse=True))

    def names_of(self, files: list[Source]) -> None:
        """What everything is called, in all languages."""
        homonyms = frozenset(
            tuple(split_phrase(one.strip())) for one in str(self._words.keys.get("homonyms") or "").split(",")
        ) - {()}
        self._naming = Naming({"foods": self._foods, "measures": self._measures, "sizes": self._sizes}, self._sizes, homonyms)
        for file in files:
            self._naming.add(file)
        self._naming.done(self._words)
        self.mistakes += self._naming.mistakes

    # foods

    def foods_of(self, file: Source) -> None:
        for id, entry in _mapping(file.keys.get("foods")).items():
            place: Path_ = ("foods", id)
            if id in self._foods:
                self._mistake(file, place, f"the food '{id}' is in {self._from[id][0].name} already", "join the two")
                continue
            entry = _mapping(entry)
            for key in sorted(set(entry) - KEYS):
                self._mistake(file, (*place, key), f"'{key}' is not known", f"use one of {', '.join(sorted(KEYS))}")
            self._from[id] = (file, place)
            self._foods[id] = Food(
                id=id,
                group=file.name.rpartition("/")[2].removesuffix(".yaml"),
                names={},
                portions=self._portions(file, (*place, "portions"), id, _mapping(entry.get("portions"))),
                uncounted=self._uncounted(file, (*place, "uncounted"), entry.get("uncounted")),
                swaps=tuple(entry.get("swaps") or ()),
                apart=_mapping(entry.get("apart")),
                absorbed_by=frozenset(entry.get("absorbed_by") or ()),
                made_of=_mapping(entry.get("made_of")),
            )

    def _portions(self, file: Source, place: Path_, id: str, written: dict[str, Any]) -> dict[str, Portion]:
        found: dict[str, Portion] = {}
        for measure, numbers in written.items():
            here = (*place, measure)
            if measure not in self._measures:
                self._mistake(file, here, f"the measure '{measure}' is not known", f"add it to {WORDS}, or use another")
            if not (_numbers(numbers, 3)):
                self._mistake(file, here, "a portion is three numbers", "write [grams, lowest, highest carbohydrate]")
                continue
            grams, low, high = map(float, numbers)
            if not (0 < grams <= MOST_GRAMS and 0 <= low <= high <= grams):
                self._mistake(
                    file, here, f"{grams:g} g with {low:g} to {high:g} g of carbohydrate is impossible",
                    f"write 0 <= lowest <= highest <= grams <= {MOST_GRAMS:g}",
                )  # fmt: skip
                continue
            found[measure] = Portion(grams, low, high)
        if not found:
            self._mistake(file, place, f"'{id}' has no portion", "add portions: {piece: [grams, lowest, highest]}")
            found["piece"] = Portion(1, 0, 0)
        return found

    def _uncounted(self, file: Source, place: Path_, written: Any) -> tuple[float, float]:
        if written is None:
            return (1.0, 1.0)
        if _numbers(written, 2):
            fewest, most = map(float, written)
            if 0 < fewest <= most <= MOST_USUAL:
                return (fewest, most)
        self._mistake(file, place, "how many people usually eat is no range", "write [fewest, most], like [1, 3]")
        return (1.0, 1.0)

    def references(self) -> None:
        """Foods that are named by others must be there."""
        groups = {food.group for food in self._foods.values()}
        for food in self._foods.values():
            file, place = self._from[food.id]
            for key, ids in (
                ("swaps", food.swaps),
                ("apart", (*food.apart, *food.apart.values())),
                ("made_of", food.made_of.values()),
            ):
                for id in ids:
                    if id not in self._foods:
                        self._mistake(file, (*place, key), f"there is no food '{id}'", "name one of dialogs/food, or remove it")
            if food.id in food.swaps:
                self._mistake(file, (*place, "swaps"), f"'{food.id}' is offered instead of itself", "remove it")
            for key, names in (("absorbed_by", food.absorbed_by), ("made_of", food.made_of)):
                for name in sorted(set(names) - groups - set(self._foods)):
                    self._mistake(file, (*place, key), f"'{name}' is no food and no group", "name a food or a file")

    def _mistake(self, file: Source, place: Path_, reason: str, remedy: str) -> None:
        self.mistakes.append(file.finding(place, "food", reason, remedy))


def _rank(path: Path) -> tuple[bool, bool, str]:
    """English first, then what most people mix into their language."""
    return path.stem != FIRST, path.stem != "hi", path.stem


def _numbers(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(type(one) in (int, float) for one in value)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
