"""A run as a table for people and as JSON."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

import psutil
from msgspec import to_builtins
from msgspec.json import encode
from msgspec.json import format as pretty

from bench.rig import Phase
from bench.run import Outcome, Visit

GOAL_SHARE, GOAL_PER_CORE, GOAL_P99 = 0.60, 1600, 150.0
CALM = 0.2
"""Cores that strangers may use before the report says so."""


def middle(visits: Sequence[Visit], of: Callable[[Visit], float]) -> float:
    return median(of(visit) for visit in visits)


def write_json(outcome: Outcome, folder: Path) -> Path:
    """``bench-<time>.json`` with every round's figures, the medians and the goals."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"bench-{time.strftime('%Y%m%d-%H%M%S')}.json"
    whole = {"machine": machine(), "goals": goals(outcome), "rounds": to_builtins(outcome)}
    path.write_bytes(pretty(encode(whole), indent=1) + b"\n")
    return path


def machine() -> dict[str, object]:
    load = os.getloadavg()
    return {
        "cores": psutil.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "load": [round(each, 2) for each in load],
    }


def goals(outcome: Outcome) -> list[dict[str, object]]:
    ours, floor = outcome.ours, outcome.floor
    by_clock, by_cpu = middle(ours, _peak) / middle(floor, _peak), middle(floor, _service_cpu) / middle(ours, _service_cpu)
    per_core = middle(ours, lambda v: v.alone.per_core)
    p99 = middle(ours, lambda v: v.half.result.p99)
    return [
        {
            "goal": f"whole turns at {GOAL_SHARE:.0%} of the floor or more",
            "found": f"{by_clock:.0%} by the clock, {by_cpu:.0%} by CPU a turn (the lower one counts)",
            "met": min(by_clock, by_cpu) >= GOAL_SHARE,
        },
        {
            "goal": f"worker stage at {GOAL_PER_CORE:,} turns/s a core or more",
            "found": f"{per_core:,.0f} turns/s a core",
            "met": per_core >= GOAL_PER_CORE,
        },
        {"goal": f"p99 under {GOAL_P99:.0f} ms at half the peak", "found": f"{p99:.0f} ms", "met": p99 < GOAL_P99},
    ]


def table(outcome: Outcome) -> str:
    return "\n".join(_lines(outcome))


def _lines(outcome: Outcome) -> Iterator[str]:
    ours, floor = outcome.ours, outcome.floor
    rounds = len(ours)
    load = os.getloadavg()
    yield f"{psutil.cpu_count()} cores, Python {platform.python_version()}, medians of {rounds} round(s), load now {load[0]:.1f}"
    yield ""
    yield f"{'whole turns':26}{'peak':>9}{'p50/p95/p99 at half our peak':>32}{'p50/p95/p99 at 300/s':>28}{'others*':>9}"
    for name, visits in (("floor", floor), ("ours", ours)):
        yield (
            f"{name:26}{middle(visits, _peak):>7,.0f}/s"
            f"{_latency(visits, lambda v: v.half):>32}{_latency(visits, lambda v: v.everyday):>28}"
            f"{middle(visits, lambda v: v.peak.others):>9.2f}"
        )
    yield f"{'ours / floor':26}{middle(ours, _peak) / middle(floor, _peak):>9.0%}{_half(ours):>32}"
    by_cpu = middle(floor, _service_cpu) / middle(ours, _service_cpu)
    yield f"{'the same by CPU a turn':26}{by_cpu:>9.0%}{'(steadier than the clock on a shared machine)':>50}"
    reading = [phase for visit in ours if (phase := visit.reading) is not None]
    steady = [phase for visit in ours if (phase := visit.reading_everyday) is not None]
    if reading and steady:
        rate = f"{median(p.result.rate for p in reading):,.0f}/s"
        yield f"{'ours, a reading (agent)':26}{rate:>9}   at {steady[0].what.split()[-1]}: {_three(steady)} ms"
    yield "* cores that programs of others used meanwhile"
    yield ""
    yield f"{'worker stage alone':26}{'turns/s':>9}{'CPU us/turn':>14}{'turns/s a core':>17}{'others':>9}"
    for name, visits in (("floor", floor), ("ours", ours)):
        yield (
            f"{name:26}{middle(visits, lambda v: v.alone.rate):>9,.0f}{middle(visits, lambda v: v.alone.cpu):>14.0f}"
            f"{middle(visits, lambda v: v.alone.per_core):>17,.0f}{middle(visits, lambda v: v.alone.others):>9.2f}"
        )
    yield f"{'ours / floor':26}{'':>9}{'':>14}{_per_core(ours) / _per_core(floor):>17.0%}"
    yield ""
    yield from _cpu(outcome)
    yield ""
    yield "milliseconds by stage (ours' own metrics): at the peak, and at 300/s"
    for stage in ("accept", "wait", "load", "decide", "commit", "publish", "journal", "turn", "send", "reply"):
        pairs = [(v.peak.stages.get(stage), v.everyday.stages.get(stage)) for v in ours]
        at_peak, everyday = ([x for x in column if x is not None] for column in zip(*pairs, strict=True))
        if at_peak and everyday:
            yield f"  {stage:24}{median(at_peak):>9.2f}{median(everyday):>9.2f}"
    yield ""
    for goal in goals(outcome):
        yield f"{'met    ' if goal['met'] else 'NOT met'}  {goal['goal']}: {goal['found']}"
    disturbed = max(phase.others for visit in (*ours, *floor) for phase in (visit.peak, visit.half, visit.everyday))
    if disturbed > CALM:
        cores = psutil.cpu_count()
        yield f"Other programs used up to {disturbed:.1f} of {cores} cores meanwhile: without, all would be better."


def _cpu(outcome: Outcome) -> Iterator[str]:
    """CPU of a turn by process, in the closed loop and at 300/s."""
    yield f"{'CPU us a turn':26}{'floor, peak':>13}{'ours, peak':>13}{'floor, 300/s':>14}{'ours, 300/s':>13}"
    columns = [(outcome.floor, "peak"), (outcome.ours, "peak"), (outcome.floor, "everyday"), (outcome.ours, "everyday")]
    widths = (13, 13, 14, 13)
    names = list(dict.fromkeys(name for visits, what in columns for name in getattr(visits[0], what).cpu))
    names.sort(key=lambda name: outcome.ours[0].peak.cpu.get(name, 0.0), reverse=True)
    sums = [0.0] * len(columns)
    for name in names:
        cells = [median(getattr(visit, what).cpu.get(name, 0.0) for visit in visits) for visits, what in columns]
        sums = [total + cell for total, cell in zip(sums, cells, strict=True)]
        yield f"  {name:24}" + "".join(f"{cell:>{width}.0f}" for cell, width in zip(cells, widths, strict=True))
    yield f"  {'together':24}" + "".join(f"{total:>{width}.0f}" for total, width in zip(sums, widths, strict=True))


def _peak(visit: Visit) -> float:
    return visit.peak.result.rate


def _service_cpu(visit: Visit) -> float:
    """Microseconds of a turn in the service and its engines, without load generator and fake gateway."""
    return sum(spent for name, spent in visit.peak.cpu.items() if name not in ("load generator", "fake gateway"))


def _per_core(visits: Sequence[Visit]) -> float:
    return middle(visits, lambda v: v.alone.per_core)


def _half(visits: Sequence[Visit]) -> str:
    return f"(half our peak: {middle(visits, lambda v: v.half.result.rate):,.0f}/s)"


def _latency(visits: Sequence[Visit], phase: Callable[[Visit], Phase]) -> str:
    return _three([phase(visit) for visit in visits]) + " ms"


def _three(phases: Sequence[Phase]) -> str:
    return " / ".join(f"{median(getattr(phase.result, name) for phase in phases):.0f}" for name in ("p50", "p95", "p99"))
