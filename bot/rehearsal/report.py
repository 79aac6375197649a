"""What is kept of a rehearsal: its figures and counts as JSON, and the differences of two."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from bot.rehearsal.counts import Counts
from bot.rehearsal.figures import figures
from config.costs import Costs


class Report(Struct, frozen=True):
    """``version``: the bundle that was played. ``cpu``: processor seconds of all processes; ``seconds``: by the clock."""

    name: str
    version: str
    people: int
    days: int
    seed: int
    figures: dict[str, float]
    counts: Counts
    cpu: float
    seconds: float


class Difference(Struct, frozen=True):
    """``change`` in percent, None where there was nothing before."""

    name: str
    before: float
    after: float
    change: float | None


def report_of(
    name: str, version: str, people: int, days: int, seed: int, counts: Counts, costs: Costs, cpu: float, seconds: float
) -> Report:
    return Report(name, version, people, days, seed, figures(counts, days, costs), counts, round(cpu, 1), round(seconds, 1))


def differences(before: Report, after: Report) -> list[Difference]:
    """Figures, then flows, that are not the same in both, in the order of the report."""
    found = [
        (name, before.figures.get(name, 0.0), after.figures.get(name, 0.0)) for name in _names(before.figures, after.figures)
    ]
    flows = _names(before.counts.under("flow"), after.counts.under("flow"))
    found += [(f"flow {name}", before.counts.get("flow", name), after.counts.get("flow", name)) for name in sorted(flows)]
    return [
        Difference(name, old, new, None if old == 0 else round((new - old) / old * 100, 1))
        for name, old, new in found
        if old != new
    ]


def to_json(reports: list[Report], costs: Costs) -> bytes:
    """One report, or the two that were compared with their differences."""
    data: dict[str, Any] = {"costs": costs.model_dump(mode="json"), "reports": reports}
    if len(reports) == 2:
        data["differences"] = differences(*reports)
    return msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=1)


def _names(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys([*before, *after]))
