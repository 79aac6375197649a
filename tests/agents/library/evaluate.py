"""How often the right article comes first, and how often one where none should: ``python -m tests.agents.library.evaluate``.

The search was tuned on ``dev`` and those whose names begin so; ``held_out`` was written with ``dev``, ``fresh`` after all
tuning. Those two are never printed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from msgspec import Struct

from agents.learning_library.search import Library
from agents.learning_library.shelf import read_shelf
from config.library import load_library_policy

ROOT = Path(__file__).parents[3]
PERSONAL = ["personal"]


class Figures(Struct, frozen=True):
    """``right`` of ``asked`` covered questions found their article; ``false`` of ``off_topic`` found one all the same;
    ``kept`` of ``personal`` went to the care team; ``wrong`` covered questions got another article. ``mistakes`` of the sets
    that may be looked at."""

    asked: int
    right: int
    wrong: int
    off_topic: int
    false: int
    personal: int
    kept: int
    mistakes: tuple[str, ...]


def library() -> Library:
    return Library(read_shelf(ROOT / "dialogs"), load_library_policy().search)


def questions(name: str) -> list[dict[str, Any]]:
    lines = (Path(__file__).parent / "questions" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def answer(found: Library, text: str, language: str | None) -> str:
    """An article's id, ``personal`` or ``unknown``."""
    if found.personal(text, language):
        return "personal"
    hit = found.find(text, language)
    return hit.article if hit else "unknown"


def figures(found: Library, name: str) -> Figures:
    count = dict.fromkeys(("asked", "right", "wrong", "off_topic", "false", "personal", "kept"), 0)
    mistakes = []
    for one in questions(name):
        given = answer(found, one["text"], one["language"].replace("-", "_"))
        good = given in one["want"] if one["want"] else given in ("unknown", "personal")
        if one["want"] == PERSONAL:
            count["personal"] += 1
            count["kept"] += good
        elif one["want"]:
            count["asked"] += 1
            count["right"] += good
            count["wrong"] += not good and given not in ("unknown", "personal")
        else:
            count["off_topic"] += 1
            count["false"] += not good
        if not good and name.startswith("dev"):
            mistakes.append(f"{one['language']}: {one['text']} -> {given}, not {'/'.join(one['want']) or 'unknown'}")
    return Figures(**count, mistakes=tuple(mistakes))


def main() -> None:
    found = library()
    for name in ("dev", "dev_2", "dev_bn_as_or", "dev_te_ta_kn_ml", "dev_mr_gu_pa_ur", "held_out", "fresh"):
        one = figures(found, name)
        print(
            f"{name}: {one.right} of {one.asked} right ({one.right / one.asked:.1%}), {one.wrong} wrong; {one.false} of "
            f"{one.off_topic} off-topic answered; {one.kept} of {one.personal} personal ones kept for the care team"
        )
        if name.startswith("dev") and "--wrong" in sys.argv:
            print("\n".join(one.mistakes))


if __name__ == "__main__":
    main()
