"""Make the food table from ``dialogs/food``: every mistake of its authors is found, and told with its file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from agents.lifestyle_coach.food import Food, FoodTable, Kind, Portion, Sense
from agents.lifestyle_coach.yaml_file import Mistake, Place, YamlFile
from bot.errors import ConfigError
from bot.understanding.language_file import split_phrase
from bot.understanding.text import fold

WORDS: Final = "words.yaml"
MOST_GRAMS: Final = 1000.0  # of one portion; more is a slip of the author's finger
MOST_USUAL: Final = 20.0
KEYS: Final = {"names", "portions", "uncounted", "swaps", "apart", "absorbed_by"}
LISTS: Final[dict[str, Kind]] = {"joins": "join", "says_nothing": "nothing"}


def load_food(folder: Path) -> FoodTable:
    """The table. Raises ConfigError with all mistakes, one a line: ``file:line: reason; remedy``."""
    table, mistakes = read_food(folder)
    if mistakes:
        raise ConfigError("\n".join(str(one) for one in mistakes))
    return table


def read_food(folder: Path) -> tuple[FoodTable, list[Mistake]]:
    """The table as far as it can be read, and every mistake, for the lint."""
    author = _Author()
    words = YamlFile(folder / WORDS)
    author.words(words)
    files = [YamlFile(path) for path in sorted(folder.glob("*.yaml")) if path.name != WORDS]
    for file in files:
        author.foods_of(file)
    author.references()
    return author.table(), sorted(author.mistakes)


class _Author:
    """Gathers what the files say."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []
        self._foods: dict[str, Food] = {}
        self._from: dict[str, tuple[YamlFile, Place]] = {}
        self._phrases: dict[tuple[str, ...], Sense] = {}
        self._first: dict[tuple[str, ...], str] = {}  # where a phrase was written first
        self._measures: dict[str, float | None] = {}
        self._measure_names: dict[str, dict[str, str]] = {}
        self._endings: dict[str, tuple[str, ...]] = {}

    def table(self) -> FoodTable:
        return FoodTable(self._foods, self._phrases, self._measures, self._measure_names, self._endings)

    # the words around foods

    def words(self, file: YamlFile) -> None:
        self.mistakes += file.mistakes
        data = file.data
        for name, measure in _mapping(data.get("measures")).items():
            self._measures[name] = measure.get("ml")
            names = _mapping(measure.get("words"))
            self._measure_names[name] = {language: _first(words) for language, words in names.items()}
            self._add_all(file, ("measures", name, "words"), names, Sense("measure", name))
        for value, by_language in _mapping(data.get("numbers")).items():
            self._add_all(file, ("numbers", value), _mapping(by_language), Sense("number", "", float(value)))
        for name, size in _mapping(data.get("sizes")).items():
            self._add_all(file, ("sizes", name, "words"), _mapping(size.get("words")), Sense("size", name, float(size["by"])))
        for side, by_language in _mapping(data.get("deny")).items():
            kind: Kind = "deny_before" if side == "before" else "deny_after"
            self._add_all(file, ("deny", side), _mapping(by_language), Sense(kind, ""))
        for name, by_language in _mapping(data.get("days")).items():
            self._add_all(file, ("days", name), _mapping(by_language), Sense("day", name))
        for name, list_kind in LISTS.items():
            self._add_all(file, (name,), _mapping(data.get(name)), Sense(list_kind, ""))
        for script, endings in _mapping(data.get("endings")).items():
            found = {fold(one.strip()) for one in str(endings).split(",")}
            self._endings[script] = tuple(sorted(found - {""}, key=len, reverse=True))

    # foods

    def foods_of(self, file: YamlFile) -> None:
        self.mistakes += file.mistakes
        for id, entry in _mapping(file.data.get("foods")).items():
            place: Place = ("foods", id)
            if id in self._foods:
                self._mistake(file, place, f"the food '{id}' is in {self._from[id][0].name} already", "join the two")
                continue
            entry = _mapping(entry)
            for key in sorted(set(entry) - KEYS):
                self._mistake(file, (*place, key), f"'{key}' is not known", f"use one of {', '.join(sorted(KEYS))}")
            names = {language: str(words) for language, words in _mapping(entry.get("names")).items()}
            if not names.get("en"):
                self._mistake(file, (*place, "names"), f"'{id}' has no English name", "add names: {en: ...}")
                names["en"] = id.replace("_", " ")
            self._from[id] = (file, place)
            self._foods[id] = Food(
                id=id,
                group=file.name.rpartition("/")[2].removesuffix(".yaml"),
                names={language: _first(words) for language, words in names.items()},
                portions=self._portions(file, (*place, "portions"), id, _mapping(entry.get("portions"))),
                uncounted=self._uncounted(file, (*place, "uncounted"), entry.get("uncounted")),
                swaps=tuple(entry.get("swaps") or ()),
                apart=_mapping(entry.get("apart")),
                absorbed_by=frozenset(entry.get("absorbed_by") or ()),
            )
            self._add_all(file, (*place, "names"), names, Sense("food", id))

    def _portions(self, file: YamlFile, place: Place, id: str, written: dict[str, Any]) -> dict[str, Portion]:
        found: dict[str, Portion] = {}
        for measure, numbers in written.items():
            here = (*place, measure)
            if measure not in self._measures:
                self._mistake(file, here, f"the measure '{measure}' is not known", f"add it to {WORDS}, or use another")
            if not (isinstance(numbers, list) and len(numbers) == 3 and all(isinstance(one, float) for one in numbers)):
                self._mistake(file, here, "a portion is three numbers", "write [grams, lowest, highest carbohydrate]")
                continue
            grams, low, high = numbers
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

    def _uncounted(self, file: YamlFile, place: Place, written: Any) -> tuple[float, float]:
        if written is None:
            return (1.0, 1.0)
        if isinstance(written, list) and len(written) == 2 and all(isinstance(one, float) for one in written):
            fewest, most = written
            if 0 < fewest <= most <= MOST_USUAL:
                return (fewest, most)
        self._mistake(file, place, "how many people usually eat is no range", "write [fewest, most], like [1, 3]")
        return (1.0, 1.0)

    def references(self) -> None:
        """Foods that are named by others must be there."""
        groups = {food.group for food in self._foods.values()}
        for food in self._foods.values():
            file, place = self._from[food.id]
            for key, ids in (("swaps", food.swaps), ("apart", (*food.apart, *food.apart.values()))):
                for id in ids:
                    if id not in self._foods:
                        self._mistake(file, (*place, key), f"there is no food '{id}'", "name one of dialogs/food, or remove it")
            if food.id in food.swaps:
                self._mistake(file, (*place, "swaps"), f"'{food.id}' is offered instead of itself", "remove it")
            for name in sorted(food.absorbed_by - groups - set(self._foods)):
                self._mistake(file, (*place, "absorbed_by"), f"'{name}' is no food and no group", "name a food or a file")

    # words

    def _add_all(self, file: YamlFile, place: Place, by_language: dict[str, Any], sense: Sense) -> None:
        for language, words in by_language.items():
            for written in str(words).split(","):
                phrase = tuple(split_phrase(written.strip()))
                if not phrase:
                    self._mistake(file, (*place, language), "an empty word between two commas", "remove a comma")
                    continue
                there = self._phrases.get(phrase)
                if there is None:
                    self._phrases[phrase] = sense
                    self._first[phrase] = f"{file.name} ({sense.what or sense.kind})"
                elif (there.kind, there.what) != (sense.kind, sense.what) or there.value != sense.value:
                    self._mistake(
                        file, (*place, language), f"'{written.strip()}' is in {self._first[phrase]} already",
                        "take it out of one of the two, or say it longer",
                    )  # fmt: skip

    def _mistake(self, file: YamlFile, place: Place, reason: str, remedy: str) -> None:
        self.mistakes.append(file.mistake(place, reason, remedy))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(words: Any) -> str:
    return str(words).partition(",")[0].strip()
