"""A guard against a slip in the planner, counted in steps: a busy machine makes as many as a quiet one."""

from __future__ import annotations

import random
import sys
from types import FrameType
from typing import Any

from bench.notices import situation
from bot.notices.planner import plan

PEOPLE = 1000
STEPS = 2000  # lines of Python for one decision; 698 when this was written


def test_a_decision_of_the_planner_takes_few_steps() -> None:
    chance, steps = random.Random(7), 0
    cases = [situation(chance, number) for number in range(PEOPLE)]

    def step(frame: FrameType, event: str, arg: Any) -> Any:
        nonlocal steps
        steps += 1
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        for bids, person, now in cases:
            plan(bids, person, now)
    finally:
        sys.settrace(before)
    assert 0 < steps < STEPS * PEOPLE
