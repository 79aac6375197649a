"""``python -m bench`` (about five minutes), ``python -m bench --quick``, ``python -m bench profile ROLE``."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from bench.processes import BenchFailed
from bench.profile import profile
from bench.report import table, write_json
from bench.run import FULL, QUICK, measure
from bench.systems import Ours
from tests.servers.process import ServerFailed, ServerMissing

OUT = Path(__file__).resolve().parent / "out"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure whole turns against a hand-written floor.")
    parser.add_argument("--quick", action="store_true", help="one short round instead of three")
    parser.add_argument("what", nargs="*", help="'profile ROLE': where the CPU of a role goes")
    arguments = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through every `with`, so that no server is left behind
    try:
        if len(arguments.what) == 2 and arguments.what[0] == "profile" and arguments.what[1] in Ours.roles:
            print(profile(arguments.what[1], OUT))
        elif arguments.what:
            parser.error(f"there is only: profile {'|'.join(Ours.roles)}")
        else:
            outcome = measure(QUICK if arguments.quick else FULL, OUT)
            print(table(outcome))
            print(f"\nwritten to {write_json(outcome, OUT)}")
    except (BenchFailed, ServerFailed, ServerMissing) as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
