"""``python -m bench.notices``: how many decisions of the planner one core makes in a second.

A decision is one new bid, weighed against what the person has heard, what waits and what the day still owes, as in a turn.
"""

from __future__ import annotations

import argparse
import random
import sys
from time import process_time

from bot.notices.bid import Bid
from bot.notices.days import day_of
from bot.notices.person import Person, heard_at
from bot.notices.planner import plan

GOAL = 20_000
"""A second, on one core."""
FLOOR = 8_000
"""Below this, something is broken; a busy machine makes half of what a quiet one does."""
NOON = 1_764_050_400.0
HOUR = 3600.0
ZONES = ("Asia/Kolkata", "Asia/Dubai", "Europe/London", "America/New_York")
KINDS = ("clinical", "reminder", "care_team", "coaching", "education")


def situation(chance: random.Random, number: int) -> tuple[list[Bid], Person, float]:
    """One person at some hour of the day: one new bid, up to two that wait, up to three that the day owes."""
    now = NOON + chance.randrange(-11, 13) * HOUR + number % 3600
    zone = chance.choice(ZONES)
    today = day_of(now, zone)
    person = Person(
        zone=zone, limit=chance.choice((2, 5, 5, 5)), most=5, usual_quiet=(1320, 420),
        quiet=chance.choice((None, None, (1380, 360))), paused_until=chance.choice((0.0, 0.0, 0.0, now + 5 * 24 * HOUR)),
        only_medicines=chance.random() < 0.05, free_until=chance.choice((None, now + 10 * HOUR)),
        heard=tuple(heard_at(now - n * HOUR, today, f"said{n}") for n in range(chance.randrange(6))),
    )  # fmt: skip
    bids = [_bid(chance, f"new{number}", now)]
    bids += [_bid(chance, f"waits{number}.{n}", now) for n in range(chance.randrange(3))]
    for n in range(chance.randrange(4)):
        due = now + (n + 1) * HOUR
        bids.append(Bid(f"owed{n}", "reminder", f"medicine.owed{n}", due, due + 2 * HOUR, chosen=True, owed=True))
    return bids, person, now


def _bid(chance: random.Random, id_: str, now: float) -> Bid:
    kind = KINDS[chance.randrange(len(KINDS))]
    topic = chance.choice(("medicine.dose", "meal.idea", "walk", "trend", "lesson", "visit"))
    return Bid(id_, kind, topic, now, now + chance.choice((1, 2, 6, 24, 72)) * HOUR, chosen=chance.random() < 0.3)  # type: ignore[arg-type]


def measured(people: int, seed: int = 7) -> float:
    """Decisions a second."""
    chance = random.Random(seed)  # a draw of cases, no secret
    cases = [situation(chance, number) for number in range(people)]
    began = process_time()
    for bids, person, now in cases:
        plan(bids, person, now)
    return people / (process_time() - began)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50_000)
    people = parser.parse_args().people
    rate = max(measured(people) for _ in range(3))
    print(f"planner: {rate:,.0f} decisions a second on one core (goal {GOAL:,}, floor {FLOOR:,}), best of 3 times {people:,}")
    return 0 if rate >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
