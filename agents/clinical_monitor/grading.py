"""Grade a glucose value. Pure arithmetic; every number comes from config/clinical.yaml, with its source."""

from __future__ import annotations

from typing import Literal

from config.clinical import Band, Glucose

Grade = Literal["implausible", "critical_low", "low", "in_range", "above_target", "high", "very_high", "critical_high"]


def grade_glucose(mg_dl: float, target: Band, limits: Glucose) -> Grade:
    """Grade a value in mg/dL against a target band (inclusive) and the general limits.

    The dangerous grades do not depend on the target: a tight target never turns 53 into less than a critical low, and a
    loose one never turns 320 into anything milder.
    """
    if not limits.plausible.low <= mg_dl <= limits.plausible.high:
        return "implausible"
    if limits.critical_low.below is not None and mg_dl < limits.critical_low.below:
        return "critical_low"
    if limits.low.below is not None and mg_dl < limits.low.below:
        return "low"
    if limits.critical_high.at_least is not None and mg_dl >= limits.critical_high.at_least:
        return "critical_high"
    if limits.very_high.at_least is not None and mg_dl >= limits.very_high.at_least:
        return "very_high"
    if limits.high.above is not None and mg_dl > limits.high.above:
        return "high"
    if mg_dl > target.high:
        return "above_target"
    return "in_range"
