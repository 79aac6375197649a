"""What is in range for a person: the doctor's word where there is one, else as the clinical monitor has it."""

from __future__ import annotations

from msgspec import Struct

from agents.clinical_monitor.targets import About as Ill
from agents.clinical_monitor.targets import DoctorsTargets, glucose_band, pressure_goal
from config.clinical import Targets
from config.insights import Insights, Shares
from config.policy import Policy


class InRange(Struct, frozen=True):
    """``targets`` of each time of day; ``limits``, the one range that is shown and counted; ``pressure``: to be below both."""

    targets: Targets
    limits: Shares
    pressure: tuple[float, float]
    pregnant: bool


def in_range(ill: Ill, own: DoctorsTargets, policy: Policy, rules: Insights) -> InRange:
    pregnant = ill.expecting
    bands = {name: glucose_band(name, ill, own, policy.clinical) for name in Targets.model_fields if name != "source"}
    limits = rules.shares_pregnancy if pregnant else rules.shares
    if own.glucose:  # one range for all times of day: a value that is right at one of them is not shown as wrong
        low, high = min(one.low for one in bands.values()), max(one.high for one in bands.values())
        if limits.very_low_below < low < high <= limits.very_high_above:
            limits = limits.model_copy(update={"low_below": low, "high_above": high})
    goal = pressure_goal(ill, own, policy.clinical)
    return InRange(Targets(**bands, source="as the clinical monitor grades"), limits, (goal.systolic, goal.diastolic), pregnant)
