"""``python -m tests.fuzz TARGET --runs N``: coverage-guided, until N inputs are through or one is a finding.

libFuzzer ends on a crash, on an input that takes longer than ten seconds, and above 2 GB; after the last input the memory that
was kept since the first tenth is printed, and more than 96 MB of it is a leak. A finding lies in ``bench/out/fuzz``: put it into
``tests/fuzz/findings/TARGET/NAME``, mend its cause, and it is played in every test run.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["webhooks", "bot"]):
    from tests.fuzz.targets import TARGETS

LEAK = 96 * 1024  # KiB


def main() -> None:
    name, runs = sys.argv[1], int(sys.argv[sys.argv.index("--runs") + 1])
    target, done, at_first = TARGETS[name], 0, 0
    target(b"")  # what is loaded once is no hang

    def one(data: bytes) -> None:
        nonlocal done, at_first
        target(data)
        done += 1
        if done == max(1, runs // 10):
            at_first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        if done == runs:
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - at_first
            print(f"{name}: {done} inputs, no crash, no hang, {grown / 1024:.0f} MiB more than after a tenth", flush=True)
            assert grown < LEAK, "memory leaks"

    out = Path("bench/out/fuzz") / name
    out.mkdir(parents=True, exist_ok=True)
    flags = [f"-runs={runs + 100}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=400", "-verbosity=0"]
    flags.append(f"-artifact_prefix={out}/")
    atheris.Setup([sys.argv[0], *flags, str(out)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
