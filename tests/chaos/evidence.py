"""What is left when all is over: what was sent, stored and logged."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter

from bot.app.desks import open_store
from bot.model.ids import person_of
from config.settings import Settings
from tests.chaos.crowd import Person
from tests.chaos.fleet import Fleet
from tests.chaos.installation import KEY, TOKEN
from tests.chaos.judge import outstanding
from webhooks.lookalike.server import LookAlike

DRAIN_SECONDS = 150.0
QUIET_SECONDS = 5.0  # nothing comes for so long: then nothing comes any more
PREFIX = 9  # digits of a number that stand in no log line by chance


async def drain(gateway: LookAlike, everybody: list[Person], *, held_is_enough: bool = False) -> bool:
    """Wait until every message has its answer, and a little longer for answers that come twice."""
    deadline = time.monotonic() + DRAIN_SECONDS
    answered, quiet_since = gateway.ledger.total, time.monotonic()
    while True:
        now = time.monotonic()
        if gateway.ledger.total != answered:
            answered, quiet_since = gateway.ledger.total, now
        done = not outstanding(gateway, everybody, held_is_enough=held_is_enough)
        if now > deadline or (done and now - quiet_since > QUIET_SECONDS):
            return done
        await asyncio.sleep(0.25)


async def stored_readings(url: str, database: str, everybody: list[Person]) -> Counter[tuple[str, str]]:
    """How often each reading that was written stands in the store, as the store itself reads it: they are sealed there."""
    counts: Counter[tuple[str, str]] = Counter()
    settings = {"mongodb_url": url, "mongodb_database": database}
    async with open_store(Settings.model_validate(settings)) as store:
        for person in everybody:
            if person.kind != "Readings":
                continue
            readings = await store.readings(person_of(f"phone:{person.number}"), "glucose", limit=1000)
            found = Counter(f"sugar {reading.value:.0f} fasting" for reading in readings)
            for word in {*person.wrote, *found}:
                counts[person.number, word] = found[word] if word in person.wrote else -1
    return counts


def hidden_outcomes(gateway: LookAlike) -> int:
    """Messages that reached a phone without the service being told."""
    return sum(not accepted.told for accepted in gateway.ledger.all())


def actions_of(fleet: Fleet) -> Counter[str]:
    """What the processes logged, by action: their metrics die with them, their logs do not."""
    actions: Counter[str] = Counter()
    for _, line in fleet.log_lines():
        if line.startswith("{"):
            entry = json.loads(line)
            detail = entry.get("outcome") or (entry.get("code") if entry.get("action") in ("retry", "parked") else None)
            actions[entry.get("action", "none") + (f" {detail}" if detail else "")] += 1
        else:
            actions["not a log line"] += 1
    return actions


def leaks_of(fleet: Fleet, everybody: list[Person]) -> list[str]:
    """Log lines that hold a number, a word of a person, or a secret."""
    numbers = {person.number[:PREFIX] for person in everybody}
    forbidden = [KEY, TOKEN, "parcel", "fasting", "wamid.", *numbers]
    return [f"{name}: {line[:300]}" for name, line in fleet.log_lines() if any(word in line for word in forbidden)]
