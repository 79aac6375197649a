"""How long 300 flows of 40 steps in three languages take to load and to check: ``python -m bench.content [FLOWS]``.

Budgets: load under 2 s, check under 5 s, of processor time. They lie beside our own flows, which are measured alone in the
same run: what the budget bounds is the difference. Beside it a floor of the same run: the C parser alone reading all the YAML
into nodes, once. And a turn through flows of that many, beside a turn through flows of a small content. On a shared
machine the seconds move, the ratios less.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bench.flow_turns import turns
from bench.flows import LANGUAGES, STEPS, make_project
from bot.dialogue.calm import without_collecting
from bot.dialogue.content import load_content
from bot.dialogue.lint.check import check_content
from bot.handwritten.nodes import compose
from bot.handwritten.source import DEPTH

FLOWS, ROUNDS = 300, 3
SMALL, LOADS = 5, 12  # flows of a small content, and how often it is loaded anew
LOAD, CHECK = 2.0, 5.0
ALL = ("en", *LANGUAGES)


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    made = work()
    took = time.process_time() - began
    del made  # not part of the work
    return took


def floor(dialogs: Path) -> float:
    texts = [path.read_text(encoding="utf-8") for path in (dialogs / "flows").glob("*.yaml")]
    with without_collecting():
        return seconds(lambda: [compose(text, DEPTH) and None for text in texts])


def once(what: str, folder: Path) -> None:
    """In a process of its own: the work, then the floor; prints both and the memory that the work added at its peak."""
    dialogs, locales = folder / "dialogs", folder / "locales"
    if what == "turns":
        print(*turns(dialogs, locales, ALL, loads=LOADS if len(list((dialogs / "flows").glob("madeup_*"))) <= SMALL else 1))
        return
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if what == "load":
        took = seconds(lambda: load_content(dialogs, locales, languages=ALL))
    else:
        took = seconds(lambda: check_content(dialogs, locales, languages=ALL, today=date(2026, 6, 1)))
    size = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(floor(dialogs), took, size)


def told(what: str, folder: Path) -> tuple[float, ...]:
    """What ``once`` printed in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "bench.content", "--once", what, str(folder)], capture_output=True, text=True, check=True
    )
    return tuple(float(word) for word in run.stdout.split())


def measured(what: str, folder: Path) -> tuple[float, float, float]:
    """The best of some runs: the floor's and the work's seconds, and the work's MB."""
    runs = []
    for _ in range(ROUNDS):
        runs.append(told(what, folder))
    least, took, size = (min(column) for column in zip(*runs, strict=True))
    return least, took, size


def main() -> int:
    if sys.argv[1:2] == ["--once"]:
        once(sys.argv[2], Path(sys.argv[3]))
        return 0
    if sys.argv[1:2] == ["--make"]:
        make_project(Path(sys.argv[2]), int(sys.argv[3]))
        return 0
    flows = int(sys.argv[1]) if len(sys.argv) > 1 else FLOWS
    good = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # Not here: the memory of a process begins at its parent's peak.
        subprocess.run([sys.executable, "-m", "bench.content", "--make", name, str(flows)], check=True)
        print(f"{flows} flows of {STEPS} steps, in {', '.join(ALL)}; the best of {ROUNDS} runs")
        subprocess.run([sys.executable, "-m", "bench.content", "--make", f"{name}/own", "0"], check=True)
        for what, budget in (("load", LOAD), ("lint", CHECK)):
            least, took, size = measured(what, folder)
            _, own, _ = measured(what, folder / "own")
            good &= took - own < budget
            print(
                f"{what}: {took - own:.2f} s of processor time (budget {budget:.0f} s), {took:.2f} s with our own flows, which is"
                f" {took / least:.1f} times the {least:.2f} s of parsing alone; at its peak {size:.0f} MB more"
            )
        subprocess.run([sys.executable, "-m", "bench.content", "--make", f"{name}/small", str(SMALL)], check=True)
        for count, where in ((flows, folder), (SMALL, folder / "small")):
            first, longest, again = (1000 * one for one in told("turns", where))
            print(
                f"an engine turn among {count} flows (median): {first:.2f} ms when its steps are used first,"
                f" the longest {longest:.1f} ms; {again:.2f} ms when they are used again"
            )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
