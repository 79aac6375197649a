"""How long the learning library takes to read, and a question to be answered: ``python -m bench.library``.

Budgets: p99 below 10 ms a question on one core (an agent has 40 ms); ready within 2 s.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from agents.learning_library.search import Library
from agents.learning_library.shelf import read_shelf
from config.library import load_library_policy

ROOT = Path(__file__).parent.parent
ROUNDS = 5


def questions() -> list[tuple[str, str]]:
    """Text and language of every labelled question."""
    found = []
    for path in sorted((ROOT / "tests/agents/library/questions").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            found.append((one["text"], one["language"].partition("-")[0]))
    return found


def adversarial() -> dict[str, str]:
    """Texts made to be slow."""
    return {
        "2,000 letters a": "a" * 2000,
        "one word again and again": "insulin fridge " * 130,
        "unknown words": " ".join(f"qzx{number}wv" for number in range(200)),
        "Devanagari": "पैर में घाव नहीं भर रहा " * 80,
        "slips": "insulni frigde heigth " * 90,
    }


def milliseconds(library: Library, text: str, language: str) -> float:
    began = time.thread_time_ns()
    if not library.personal(text, language):
        library.find(text, language)
    return (time.thread_time_ns() - began) / 1e6


def main() -> int:
    began = time.process_time()
    library = Library(read_shelf(ROOT / "dialogs"), load_library_policy().search)
    ready = time.process_time() - began
    asked = questions()
    runs = sorted(milliseconds(library, text, language) for _ in range(ROUNDS) for text, language in asked)
    p99 = runs[int(len(runs) * 0.99)]
    print(f"ready in {ready:.2f} s of processor time")
    print(f"{len(asked)} questions: median {statistics.median(runs):.2f} ms, p99 {p99:.2f} ms")
    slow = 0.0
    for name, text in adversarial().items():
        took = min(milliseconds(library, text, "en") for _ in range(3))
        slow = max(slow, took)
        print(f"  {name:<26}{took:>8.2f} ms")
    return 0 if p99 < 10 and slow < 40 and ready < 2 else 1


if __name__ == "__main__":
    sys.exit(main())
