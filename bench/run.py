"""The whole measurement: ours and the floor in turn, on the same engines, in one run."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

from msgspec import Struct

from bench.rig import Alone, Phase, Rig
from bench.systems import Floor, Ours, System

PLAIN = "help"
"""A message that is answered in its own turn."""
READING = "sugar {n} fasting"
"""A message that goes to the clinical monitor and back before it is answered."""
GREETING = ("hi", "English", "I agree", "menu")
"""A new person's way through language and consent; the rest of the profile is left out."""
EVERYDAY = 300.0
"""Turns a second of the second open-loop phase."""


class Scale(Struct, frozen=True):
    """How much is done. Seconds are for one phase."""

    rounds: int
    people: int
    in_flight: int
    warm: float
    peak: float
    steady: float
    fill: int


FULL = Scale(rounds=3, people=800, in_flight=96, warm=1.5, peak=6.0, steady=7.0, fill=4000)
QUICK = Scale(rounds=1, people=500, in_flight=96, warm=1.0, peak=3.0, steady=3.0, fill=2000)


class Visit(Struct):
    """One system's figures of one round."""

    alone: Alone
    peak: Phase
    half: Phase
    everyday: Phase
    reading: Phase | None = None
    reading_everyday: Phase | None = None


class Outcome(Struct):
    scale: Scale
    ours: list[Visit]
    floor: list[Visit]


def measure(scale: Scale, out: Path) -> Outcome:
    with Rig(out, scale.people) as rig:
        ours = Ours(rig.engines, rig.gateway_url, rig.logs)
        floor = Floor(rig.engines, rig.gateway_url, rig.logs)
        try:
            prepare(rig, ours)
            outcome = Outcome(scale, [], [])
            for number in range(1, scale.rounds + 1):
                tell(f"round {number} of {scale.rounds}: ours")
                outcome.ours.append(_visit(rig, ours, scale, outcome))
                tell(f"round {number} of {scale.rounds}: floor")
                outcome.floor.append(_visit(rig, floor, scale, outcome))
            return outcome
        finally:
            ours.stop()
            floor.stop()


def prepare(rig: Rig, ours: Ours) -> None:
    """Every person greets us and agrees, over the same webhooks; not measured."""
    tell(f"{rig.people} people agree")
    ours.start(*ours.roles)
    for text in GREETING:
        rig.phase(text, ours, rig.order(ours, "each", text, in_flight=64))
    ours.stop()


def _visit(rig: Rig, system: System, scale: Scale, outcome: Outcome) -> Visit:
    system.start("ingress")
    alone = rig.worker_alone(system, scale.fill, PLAIN)
    system.start(*(role for role in system.roles if role not in system.running))

    def closed(text: str) -> Phase:
        order = rig.order(system, "closed", text, in_flight=scale.in_flight, seconds=scale.peak, warm=scale.warm)
        return rig.phase(f"closed loop, {scale.in_flight} in flight", system, order)

    def steady(rate: float, text: str) -> Phase:
        return rig.phase(
            f"open loop, {rate:.0f}/s", system,
            rig.order(system, "open", text, rate=rate, seconds=scale.steady, warm=scale.warm),
        )  # fmt: skip

    peak = closed(PLAIN)
    peaks = [visit.peak.result.rate for visit in outcome.ours] or [peak.result.rate]
    visit = Visit(alone, peak, steady(median(peaks) / 2, PLAIN), steady(EVERYDAY, PLAIN))
    if isinstance(system, Ours):
        visit.reading = closed(READING)
        visit.reading_everyday = steady(min(EVERYDAY, visit.reading.result.rate) / 2, READING)
    system.stop()
    return visit


def tell(line: str) -> None:
    print(f"bench: {line}", file=sys.stderr, flush=True)
