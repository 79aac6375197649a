"""``python -m bench.floods``: what a flood from one number does to everybody else, behind the limits that are shipped.

The same open loop of many people is measured without and with one person more who writes without end, in turn and on the same
engines; each pair is one round, and the middle one of all rounds counts.
"""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from statistics import median

from bench.processes import BenchFailed
from bench.rig import Phase, Rig
from bench.run import PLAIN, prepare, tell
from bench.systems import Ours
from tests.servers.process import ServerFailed, ServerMissing

OUT = Path(__file__).resolve().parent / "out"
RATES = (300.0, 1000.0)
"""Messages a second of the one who floods."""


class Guarded(Ours):
    """With the limits of ``config/flood.yaml``, where the other benches lift them."""

    def environment(self, role: str) -> dict[str, str]:
        found = super().environment(role)
        del found["PROCARE_FLOOD_FILE"]
        return found


class Figures:
    def __init__(self, phases: list[Phase]) -> None:
        self.p50 = median(one.result.p50 for one in phases)
        self.p99 = median(one.result.p99 for one in phases)
        self.answered = sum(one.result.answered for one in phases)
        self.sent = sum(one.result.sent for one in phases)
        self.ingress = median(one.cpu["ingress"] * one.result.within / one.result.seconds / 1e6 for one in phases)
        self.worker = median(one.cpu["worker"] * one.result.within / one.result.seconds / 1e6 for one in phases)

    def row(self, what: str) -> str:
        return (
            f"| {what} | {self.answered} of {self.sent} | {self.p50:.1f} | {self.p99:.1f} | {self.ingress * 100:.0f} % "
            f"| {self.worker * 100:.0f} % |"
        )


def measured(rounds: int, people: int, rate: float, seconds: float) -> dict[float, Figures]:
    """By the rate of the flood; 0 is without."""
    with Rig(OUT, people) as rig:
        ours = Guarded(rig.engines, rig.gateway_url, rig.logs)
        try:
            prepare(rig, ours)
            ours.start(*ours.roles)
            phases: dict[float, list[Phase]] = {flood: [] for flood in (0.0, *RATES)}
            for number in range(1, rounds + 1):
                for flood, found in phases.items():
                    tell(f"round {number} of {rounds}: a flood of {flood:.0f} a second")
                    order = rig.order(ours, "open", PLAIN, rate=rate, seconds=seconds, warm=1.5, flood=flood)
                    found.append(rig.phase(f"a flood of {flood:.0f}/s", ours, order))
            return {flood: Figures(found) for flood, found in phases.items()}
        finally:
            ours.stop()


def table(figures: dict[float, Figures], rate: float) -> str:
    head = (
        f"others write {rate:.0f} messages a second\n"
        "| one number floods with | others answered | p50 ms | p99 ms | core of ingress | core of worker |\n"
        "| --- | --- | --- | --- | --- | --- |"
    )
    rows = [found.row("nothing" if not flood else f"{flood:,.0f} a second") for flood, found in figures.items()]
    return "\n".join([head, *rows])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--rate", type=float, default=100.0)
    parser.add_argument("--seconds", type=float, default=6.0)
    asked = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # through every `with`, so that no server is left behind
    try:
        print(table(measured(asked.rounds, asked.people, asked.rate, asked.seconds), asked.rate))
    except (BenchFailed, ServerFailed, ServerMissing) as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
