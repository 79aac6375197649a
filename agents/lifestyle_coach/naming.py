"""What foods and the words around them are called: a file of ``dialogs/food/names`` a language, and its mistakes."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from agents.lifestyle_coach.food import Kind, Sense
from bot.handwritten.finding import Finding
from bot.handwritten.source import Path_, Source
from bot.understanding.language_file import split_phrase
from bot.understanding.text import script_of

FIRST: Final = "en"  # what it names has a name in every other language
SECTIONS: Final = ("foods", "measures", "numbers", "sizes", "deny", "amounts", "joins", "says_nothing", "days")
KEYS: Final = {"reviewer", "date", "script", *SECTIONS}
LISTS: Final[dict[str, Kind]] = {"joins": "join", "says_nothing": "nothing"}
SIDES: Final[dict[str, Kind]] = {"before": "deny_before", "after": "deny_after"}


class Naming:
    """Gathers the files, English first. ``known``: keys of each section that words may be given for; ``homonyms``: spellings of
    which the authors say that they mean one thing in one language and another in another."""

    def __init__(self, known: dict[str, Collection[str]], sizes: dict[str, float], homonyms: frozenset[tuple[str, ...]]) -> None:
        self.mistakes: list[Finding] = []
        self.phrases: dict[tuple[str, ...], dict[str, Sense]] = {}
        self.shown: dict[str, dict[str, dict[str, str]]] = {"foods": {}, "measures": {}}
        self._known, self._sizes, self._homonyms = known, sizes, homonyms
        self._first: dict[str, list[tuple[str, str]]] = {}  # what English names
        self._where: dict[tuple[str, ...], str] = {}  # where a phrase was written first
        self._met: set[tuple[str, ...]] = set()  # the homonyms that are some

    def add(self, file: Source) -> None:
        """All words of one language."""
        language, script = file.name.rpartition("/")[2].removesuffix(".yaml"), str(file.keys.get("script"))
        for key in sorted(set(file.keys) - KEYS):
            self._mistake(file, (key,), f"'{key}' is not known", f"use one of {', '.join(sorted(KEYS))}")
        for section in SECTIONS:
            written = file.keys.get(section)
            if section in LISTS:
                self._words(file, language, (section,), written, Sense(LISTS[section], ""))
                continue
            for name, words in (written if isinstance(written, dict) else {}).items():
                place: Path_ = (section, name)
                sense = self._sense(section, str(name))
                if sense is None:
                    known = "dialogs/food" if section == "foods" else "words.yaml"
                    self._mistake(
                        file, place, f"there is no '{name}' among the {section}", f"mend it (see {known}), or remove it"
                    )
                    continue
                self._words(file, language, place, words, sense)
                if section in self.shown:
                    self._show(file, language, script, place, words)
        self._complete(file, language)

    def done(self, file: Source) -> None:
        """``file``: that of the homonyms."""
        for phrase in sorted(self._homonyms - self._met):
            self._mistake(file, ("homonyms",), f"'{' '.join(phrase)}' means one thing only", "take it out of the list")

    def _sense(self, section: str, name: str) -> Sense | None:
        if name not in self._known.get(section, (name,)):
            return None
        match section:
            case "foods":
                return Sense("food", name)
            case "measures":
                return Sense("measure", name)
            case "numbers":
                return Sense("number", "", float(name)) if _is_number(name) else None
            case "sizes":
                return Sense("size", name, self._sizes[name])
            case "deny":
                return Sense(SIDES[name], "") if name in SIDES else None
            case "amounts":
                count, _, measure = name.partition(" ")
                there = _is_number(count) and measure in self._known.get("measures", (measure,))
                return Sense("amount", measure, float(count)) if there else None
            case _:
                return Sense("day", name)

    def _show(self, file: Source, language: str, script: str, place: Path_, words: Any) -> None:
        """The first spelling is shown, in the script of the language; the first in Latin letters to who reads those."""
        section, name = str(place[0]), str(place[1])
        spellings = [one.strip() for one in str(words).split(",")]
        shown = self.shown[section].setdefault(name, {})
        shown[language] = spellings[0]
        if script == "Latn":
            return
        if script_of(spellings[0]) != script:
            self._mistake(
                file, place, f"'{spellings[0]}' is shown first and not in the script {script}", "put a native name first"
            )
        latin = next((one for one in spellings if script_of(one) == "Latn"), None)
        if latin is not None:
            shown[f"{language}_Latn"] = latin

    def _complete(self, file: Source, language: str) -> None:
        named = [
            (section, str(name))
            for section in SECTIONS
            if section not in LISTS and section != "amounts"
            for name in (file.keys.get(section) or {})
        ]
        if language == FIRST:
            self._first[FIRST] = named
            for food in self._known.get("foods", ()):
                if ("foods", food) not in named:
                    self._mistake(file, ("foods",), f"'{food}' has no English name", f"add {food}: ... to foods")
            return
        for section, name in self._first.get(FIRST, ()):
            if (section, name) not in named:
                self._mistake(file, (section,), f"'{name}' has no word in this language", f"add {name}: ... to {section}")

    def _words(self, file: Source, language: str, place: Path_, words: Any, sense: Sense) -> None:
        for written in str(words).split(",") if words else ():
            phrase = tuple(split_phrase(written.strip()))
            if not phrase:
                self._mistake(file, place, "an empty word between two commas", "remove a comma")
                continue
            there = self.phrases.setdefault(phrase, {})
            other = next((one for one in there.values() if one != sense), None)
            if other is not None:
                self._met.add(phrase)
                if language in there or phrase not in self._homonyms:
                    self._mistake(
                        file, place, f"'{written.strip()}' is in {self._where[phrase]} already",
                        "take it out of one of the two, say it longer, or (two languages) add it to the homonyms of words.yaml",
                    )  # fmt: skip
                    continue
            there.setdefault(language, sense)
            self._where.setdefault(phrase, f"{file.name} ({sense.what or sense.kind})")

    def _mistake(self, file: Source, place: Path_, reason: str, remedy: str) -> None:
        self.mistakes.append(file.finding(place, "food", reason, remedy))


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
