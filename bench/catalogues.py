"""What the translations cost: one text said in a turn, beside a bare look-up and the parsing of a catalogue; and their memory.

``python -m bench.catalogues``. Memory is that of processes of their own: with English alone, with all catalogues, and (the floor)
with nothing but every translation as a string in a dictionary.
"""

from __future__ import annotations

import subprocess
import sys
import timeit
from collections.abc import Callable

import psutil

from bench.flows import ROOT
from bot.dialogue.catalogue import read_book, read_bytes, read_catalogue, translations_of
from bot.dialogue.content import load_content
from bot.i18n.book import languages_of

DIALOGS, LOCALES = ROOT / "dialogs", ROOT / "locales"
KEY, LANGUAGE = "thanks.reply.say", "ta"
ROUNDS, TIMES = 5, 100_000
MOST_LOOKUPS, MOST_MEGABYTES = 20, 40.0  # of the floor: a text is chosen by its condition, found, and its template run
Kept = dict[str, dict[str, str]]


def plain(languages: list[str]) -> Kept:
    """Every translation by its key, and nothing else."""
    books = {one: translations_of(read_book(read_bytes(LOCALES, one), one)) for one in languages}
    return {one: {key: text for key, (_, text) in texts.items()} for one, texts in books.items()}


def microseconds(call: Callable[[], object], times: int) -> float:
    """The best of some rounds, one call."""
    return min(timeit.repeat(call, number=times, repeat=ROUNDS)) / times * 1e6


def megabytes(what: str) -> float:
    """What a fresh process holds when it has loaded that and forgotten the rest."""
    command = [sys.executable, "-m", "bench.catalogues", what]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def hold(what: str) -> float:
    """Load it in this process, and tell how much memory there is."""
    languages = languages_of(LOCALES)
    kept: object = plain(languages) if what == "plain" else None
    if what in ("one", "all"):
        kept = load_content(DIALOGS, LOCALES, languages=["en", *languages] if what == "all" else ["en"])
    size = psutil.Process().memory_info().rss / 1e6
    del kept
    return size


def main() -> int:
    content = load_content(DIALOGS, LOCALES, languages=["en", LANGUAGE])
    flow, step, _ = KEY.split(".")
    said = content.flows[flow].steps[step].say
    if said is None:
        raise SystemExit(f"{KEY} says nothing")
    texts = plain([LANGUAGE])
    raw = read_bytes(LOCALES, LANGUAGE)
    ours = microseconds(lambda: said.render(LANGUAGE, {}), TIMES)
    floor = microseconds(lambda: texts[LANGUAGE][KEY], TIMES)
    parsed = microseconds(lambda: read_book(raw, LANGUAGE), 3)
    general = microseconds(lambda: read_catalogue(LOCALES, LANGUAGE), 1)
    print(f"one text said in a turn: {ours:.2f} us, {ours / floor:.0f} bare look-ups of {floor:.2f} us (at most {MOST_LOOKUPS})")
    print(f"to parse its catalogue would take {parsed:,.0f} us, with a general reader {general:,.0f} us; no turn does")
    one, every, empty, bare = (megabytes(what) for what in ("one", "all", "nothing", "plain"))
    count = len(languages_of(LOCALES))
    memory = every - one
    print(f"memory of {count} catalogues: {memory:.1f} MB a process (at most {MOST_MEGABYTES:.0f})")
    print(f"their texts as bare strings: {bare - empty:.1f} MB")
    within = ours < MOST_LOOKUPS * floor and memory < MOST_MEGABYTES
    print("within" if within else "NOT within the budgets")
    return 0 if within else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(hold(sys.argv[1]))
    else:
        sys.exit(main())
