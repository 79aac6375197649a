"""The figures of the reader on every evaluation set, against floors: ``python -m tests.understanding.evaluate [--wrong]``.

Sets: dialogs/eval/*.jsonl (samples), dialogs/eval/own/*.jsonl (our own phrases, whose errors were looked at and mended) and
dialogs/eval/unseen/*.jsonl (by authors who did not know the words; their lines are never looked at or printed). A one-tap
question (urgency confirm) counts half, both as a find and as a false alarm. Exit status 1 below a floor.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.understanding.reader import Reader
from bot.understanding.wire import line

ROOT = Path(__file__).parent.parent.parent
EVAL = ROOT / "dialogs" / "eval"
FLOORS = {
    "samples": {
        "emergencies": 0.99, "urgent or higher": 0.95, "false alarms": 0.04, "readings": 0.95, "intents": 0.92, "language": 0.97,
    },
    "own": {
        "emergencies": 0.97, "urgent or higher": 0.95, "false alarms": 0.06, "readings": 0.90, "intents": 0.85, "language": 0.96,
    },
    "unseen": {
        "emergencies": 0.97, "urgent or higher": 0.95, "false alarms": 0.06, "readings": 0.95, "intents": 0.92, "language": 0.96,
    },
}  # fmt: skip
SETS = {"samples": EVAL, "own": EVAL / "own", "unseen": EVAL / "unseen"}
ALARM = {"emergency": 1.0, "urgent": 1.0, "confirm": 0.5}
TWINS = ({"hi", "ur"}, {"bn", "as"}, {"hi", "mr"})  # told apart only by a few words


@dataclass
class Tally:
    """Points reached of points possible, for one figure."""

    points: float = 0.0
    possible: int = 0

    def add(self, points: float) -> None:
        self.points += points
        self.possible += 1

    @property
    def share(self) -> float:
        return self.points / self.possible if self.possible else 1.0


@dataclass
class Figures:
    """All figures of one group of lines."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))

    def take(self, gold: dict[str, Any], said: dict[str, Any]) -> list[str]:
        """Count one line; the figures it failed."""
        failed: list[str] = []

        def count(name: str, points: float, good: float = 1.0) -> None:
            self.tallies[name].add(points)
            if points != good:
                failed.append(name)

        if "urgency" in gold:
            alarm = ALARM.get(said["urgency"], 0.0)
            if gold["urgency"] == "emergency":
                count("emergencies", 1.0 if said["urgency"] == "emergency" else 0.5 if said["urgency"] == "confirm" else 0.0)
            if gold["urgency"] == "none":
                count("false alarms", alarm, 0.0)
            elif gold["urgency"] != "confirm":
                count("urgent or higher", alarm)
                accepted = [gold.get("category"), *gold.get("category_accept", [])]
                if said["urgency"] == gold["urgency"]:
                    count("category", float(said["category"] in accepted))
        if "expected" in gold:
            count("readings", float(facts(gold["expected"]) == facts(said["readings"])))
        if "intent" in gold:
            count("intents", float(said["intent"] in [gold["intent"], *gold.get("accept", [])]))
        if any(letter.isalpha() for letter in gold["text"]):
            count("language", float(same_language(gold, said)))
        return failed


def facts(readings: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """Readings as comparable values: kind, value, unit (where the gold line would state one) and context."""
    found = []
    for reading in readings:
        value = (reading.get("value"), reading.get("systolic"), reading.get("diastolic"))
        numbers = tuple(round(float(part), 1) if part is not None else -1.0 for part in value)
        found.append((reading["kind"], numbers, (reading.get("unit") or "").lower(), reading.get("context") or ""))
    return sorted(found)


def same_language(gold: dict[str, Any], said: dict[str, Any]) -> bool:
    if gold["lang"] == said["language"]:
        return True
    pair = {gold["lang"], said["language"]}
    if pair == {"hi", "ur"} and gold.get("script") == "roman":
        return True
    return len(gold["text"].split()) <= 2 and (gold.get("script") == "roman" or pair in TWINS)


def lines(folder: Path) -> list[dict[str, Any]]:
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        found += [json.loads(text) for text in path.read_text(encoding="utf-8").splitlines() if text.strip()]
    return found


NAMES = ("emergencies", "urgent or higher", "false alarms", "category", "readings", "intents", "language")


def table(title: str, groups: dict[str, Figures]) -> str:
    """One row for each group."""
    rows = [f"{title:<16}" + "".join(f"{name:>17}" for name in NAMES)]
    for group, figures in groups.items():
        cells = []
        for name in NAMES:
            tally = figures.tallies.get(name)
            cells.append(
                f"{'-':>17}" if tally is None or not tally.possible else f"{100 * tally.share:>10.1f}% /{tally.possible:>4}"
            )
        rows.append(f"{group:<16}" + "".join(cells))
    return "\n".join(rows)


def evaluate(
    understand: Callable[[str], dict[str, Any]], gold: list[dict[str, Any]]
) -> tuple[dict[str, Figures], list[tuple[str, str, str]]]:
    """Figures by group (all, each language, each script) and the wrong answers as (figure, id, what was said)."""
    groups: dict[str, Figures] = defaultdict(Figures)
    groups["all"] = Figures()
    wrong: list[tuple[str, str, str]] = []
    for one in sorted(gold, key=lambda entry: (entry["lang"], entry["id"])):
        said = understand(one["text"])
        failed = groups["all"].take(one, said)
        groups[one["lang"]].take(one, said)
        groups["in " + one.get("script", "?")].take(one, said)
        for name in failed:
            meant = one.get("intent") if name == "intents" else one.get("category") or one.get("urgency") or one["lang"]
            answer = (
                said["intent"]
                if name == "intents"
                else said["language"]
                if name == "language"
                else said["category"] or said["urgency"]
            )
            wrong.append((name, one["id"], f"{meant} as {answer}"))
    return dict(groups), wrong


def main(arguments: list[str]) -> int:
    reader = Reader.load(ROOT / "dialogs" / "lexicon", ROOT / "config" / "readings.yaml")
    below = []
    for name, folder in SETS.items():
        groups, wrong = evaluate(lambda text: line("", reader.understand(text)), lines(folder))
        print(table(name, groups), end="\n\n")
        confusions = Counter((figure, what) for figure, _, what in wrong if figure != "readings")
        print(
            "most frequent: " + ", ".join(f"{what} ({figure}) {count}" for (figure, what), count in confusions.most_common(10)),
            end="\n\n",
        )
        if "--wrong" in arguments and name != "unseen":
            print("\n".join(f"  {figure:<17}{one} {what}" for figure, one, what in sorted(wrong)), end="\n\n")
        for figure, floor in FLOORS[name].items():
            share = groups["all"].tallies[figure].share
            if share > floor if figure == "false alarms" else share < floor:
                below.append(f"{name}: {figure} {100 * share:.1f} %, floor {100 * floor:.0f} %")
    print("\n".join(below) or "all floors held")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
