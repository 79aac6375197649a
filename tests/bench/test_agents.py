"""The agents' bench measures what it says: every agent is asked, and every intent of its mix is understood."""

from __future__ import annotations

import random
import time
from pathlib import Path

from agents.registry import NAMES
from bench.agent_mix import WEIGHTS, Mix
from bench.agents import Call, at, measured, trips
from config.clinic import load_clinic
from config.settings import Settings


async def test_all_agents_answer_all_intents_of_the_mix(tmp_path: Path) -> None:
    run = await measured(Settings(data_dir=tmp_path), seconds=3.0, warm=0.5)
    assert all(run.times[name] and run.whole[name] for name in NAMES)
    assert run.floor
    booking = [one for one in run.times["  book_visit"] if one.trips]
    assert booking
    assert all(one.writes <= 3 and one.writes < one.trips for one in booking)
    assert not [what for what in run.outcomes if what.endswith((": failed", ": unavailable"))]


def test_the_mix_asks_every_agent_and_names_a_visit_that_was_booked() -> None:
    now = time.time()
    intents = Mix(load_clinic(), now, random.Random(1)).intents(now)
    made = [next(intents) for _ in range(1000)]
    assert {intent.agent for intent in made} == set(NAMES)
    assert {intent.name for intent in made} == {name for _, name in WEIGHTS}
    assert len({intent.id for intent in made}) == 1000


def test_a_share_of_times_in_milliseconds() -> None:
    assert (at([0.004, 0.001, 0.002], 0.5), at([0.001] * 99 + [0.5], 0.99)) == (2.0, 500.0)


def test_calls_side_by_side_are_one_wait_and_a_write_among_them_makes_it_one_for_the_disk() -> None:
    side_by_side = [Call(0.0, 2.0, False), Call(0.5, 3.0, True), Call(2.5, 3.5, False)]
    assert trips([*side_by_side, Call(4.0, 5.0, False)]) == (2, 1)
    assert trips([]) == (0, 0)
