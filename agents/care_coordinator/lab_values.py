"""Values of a laboratory's report as readings of ours. Pure: what is not certain to mean the same is not kept as a reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from bot.ports.laboratory import LabValue

MOST = 20
"""Values of one report that can become readings."""


class Kept(Struct, frozen=True):
    """``intent`` of the clinical monitor that keeps it, with its data."""

    intent: str
    data: dict[str, Any]


def kept_as(value: LabValue, mg_dl_per_mmol: float) -> Kept | None:
    """None for what is only in the report: our readings know no such kind, or not in that unit."""
    unit = value.unit.strip().lower().replace(" ", "")
    common = {"measured_at": value.measured_at, "unit_stated": True, "raw": f"{value.value:g} {value.unit}"[:60]}
    match value.kind:
        case "hba1c" if unit == "%":
            return Kept("record_hba1c", {"value": value.value, "unit": "%", **common})
        case "glucose" if unit in ("mg/dl", "mmol/l"):
            mg_dl = value.value if unit == "mg/dl" else round(value.value * mg_dl_per_mmol, 1)
            context = {"context": "fasting"} if value.fasting else {}
            return Kept("record_glucose", {"value": mg_dl, "unit": unit.replace("l", "L"), **context, **common})
        case _:
            return None


def shown(fresh: Sequence[Kept], others: int) -> dict[str, Any]:
    """What a flow may show: the first of each kind that can be kept, as numbers, and how many values stand only in the report."""
    facts: dict[str, Any] = {}
    for kept in fresh:
        facts.setdefault(kept.intent.removeprefix("record_"), kept.data["value"])
    return {**facts, **({"others": others} if others else {})}
