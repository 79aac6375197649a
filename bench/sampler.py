"""Run ``procare`` under a sampler: every millisecond of CPU, note the Python stack; write the counts at the end.

``python -m bench.sampler FILE ROLE``. Sampling by CPU time costs little and, unlike a tracing profiler, does not make small
functions look dear. Imports and the start do not count.
"""

from __future__ import annotations

import atexit
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from bot.cli.main import main

INTERVAL = 0.001
RUNNING, STARTING = "asyncio/runners.py:Runner.run", "bot/app/serve.py:serve"
_counts: Counter[str] = Counter()
_names: dict[Any, str] = {}


def _sample(_: int, frame: FrameType | None) -> None:
    stack: list[str] = []
    while frame is not None:
        code = frame.f_code
        name = _names.get(code)
        if name is None:
            name = _names[code] = f"{_place(code.co_filename)}:{code.co_qualname}"
        stack.append(name)
        frame = frame.f_back
    _counts[";".join(reversed(stack))] += 1


def _place(filename: str) -> str:
    """``bot/turns/worker.py``, ``aiormq/channel.py``: from the package on."""
    for mark in ("site-packages/", "python3.11/"):
        _, found, rest = filename.rpartition(mark)
        if found:
            return rest
    root = str(Path(__file__).resolve().parent.parent)
    return filename.removeprefix(root + "/")


def _write(path: Path) -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    running = {stack: count for stack, count in _counts.items() if RUNNING in stack and STARTING not in stack}
    path.write_text("".join(f"{stack} {count}\n" for stack, count in running.items()))


def run(path: Path, arguments: list[str]) -> None:
    signal.signal(signal.SIGPROF, _sample)
    atexit.register(_write, path)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    sys.argv = ["procare", *arguments]
    main()


if __name__ == "__main__":
    run(Path(sys.argv[1]), sys.argv[2:])
