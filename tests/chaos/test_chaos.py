"""The promises, held while everything falls over: on real engines, with every role a process of its own.

``pytest -m chaos -s`` prints the table. ``PROCARE_TEST_CHAOS_SECONDS`` changes for how long people write.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.crowd import Crowd, Person, words_of
from tests.chaos.evidence import actions_of, drain, hidden_outcomes, leaks_of, stored_readings
from tests.chaos.fleet import Fleet
from tests.chaos.installation import dialogues, engines_of, installed
from tests.chaos.judge import Verdict, hold, judge
from tests.chaos.timeline import Timeline
from tests.chaos.weather import bad_weather, kills, upheavals
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer
from webhooks.lookalike.people import Instance, Patient
from webhooks.lookalike.server import LookAlike

pytestmark = [pytest.mark.chaos, pytest.mark.services, pytest.mark.timeout(600)]

PEOPLE, MESSAGES = 200, 15  # 3,000 numbered messages
MEASURERS, READINGS = 40, 5
SECONDS = float(os.environ.get("PROCARE_TEST_CHAOS_SECONDS", "50"))
CLOUD, BAILEYS = "procare", "procare-baileys"  # one person in four writes to the second
ROLES = {
    "worker-1": ("worker",), "sender-1": ("sender",), "ingress": ("ingress",), "worker-2": ("worker",),
    "agent": ("agent", "clinical_monitor"), "sender-2": ("sender",), "scheduler": ("scheduler",),
}  # fmt: skip


async def test_nothing_is_lost_turned_or_doubled_while_everything_falls_over(
    tmp_path: Path,
    new_rabbitmq: Callable[[], RabbitmqServer],
    new_redis: Callable[[], RedisServer],
    mongodb_url: str,
    mongodb_database: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rabbit, redis = new_rabbitmq(), new_redis()
    timeline = Timeline()
    everybody = people()
    engines = engines_of(rabbit.url, redis.url, mongodb_url, mongodb_database)
    patients = [Patient(person.number, "Asha", (CLOUD, BAILEYS)[n % 4 == 3]) for n, person in enumerate(everybody)]
    instances = [Instance(CLOUD), Instance(BAILEYS, "baileys")]
    content = dialogues(tmp_path)
    started = time.monotonic()
    async with installed(tmp_path, engines, patients, ROLES, content=content, instances=instances) as place:
        gateway, fleet = place.gateway, place.fleet
        crowd = Crowd(gateway, timeline)
        await asyncio.gather(*(crowd.onboard(person) for person in everybody))
        timeline.note("*", "everybody is ready")
        onboarded = time.monotonic()
        await misfortune(fleet, crowd, everybody, rabbit, redis, gateway, timeline)
        written = time.monotonic()
        drained = await drain(gateway, everybody)
        ended = time.monotonic()
        parked = await place.parked()
        verdict = judge(gateway, everybody)
        stored = await stored_readings(mongodb_url, mongodb_database, everybody)
        actions = actions_of(fleet)
        leaks = leaks_of(fleet, everybody)
    times = {"start and onboarding": onboarded - started, "chaos": written - onboarded, "drain": ended - written}
    with capsys.disabled():
        print(table(gateway, fleet, verdict, stored, actions, parked.stdout, times))
    assert crowd.given_up == 0, "the gateway gave up events: the test proves nothing"
    hold(verdict, timeline, gateway)
    wrong = {key: count for key, count in stored.items() if count != 1}
    assert not wrong, f"readings not stored exactly once: {list(wrong.items())[:10]}"
    assert drained
    assert parked.stdout.strip() == "0 parked", parked.stdout + parked.stderr
    assert len(verdict.hidden) <= hidden_outcomes(gateway)
    assert not leaks, leaks[:5]


def people() -> list[Person]:
    """Numbers that cannot be anybody's: a made-up range of India's."""
    kinds = ["Parcels"] * PEOPLE + ["Readings"] * MEASURERS
    return [Person(f"9199990{n:05d}", kind) for n, kind in enumerate(kinds)]


async def misfortune(
    fleet: Fleet,
    crowd: Crowd,
    everybody: list[Person],
    rabbit: RabbitmqServer,
    redis: RedisServer,
    gateway: LookAlike,
    timeline: Timeline,
) -> None:
    """People write while everything falls over; returns when all have written and nothing falls any more."""
    bad_weather(gateway)
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        supervision = group.create_task(fleet.supervise(), name="supervisor")
        trouble = [
            group.create_task(kills(fleet, timeline, enough), name="kills"),
            group.create_task(upheavals(rabbit, redis, gateway, timeline, SECONDS), name="upheavals"),
        ]
        await asyncio.gather(*(crowd.live(p, words_of(p, n, MESSAGES, READINGS), SECONDS * 0.9) for n, p in enumerate(everybody)))
        await trouble[1]
        enough.set()
        await asyncio.wait(trouble)
        timeline.note("*", "quiet again")
        gateway.faults.clear()
        supervision.cancel()


def table(
    gateway: LookAlike,
    fleet: Fleet,
    verdict: Verdict,
    stored: Counter[tuple[str, str]],
    actions: Counter[str],
    parked: str,
    times: dict[str, float],
) -> str:
    killed = ", ".join(f"{name} {count}" for name, count in sorted(fleet.killed.items()))
    rows: list[tuple[str, object]] = [
        *((f"seconds: {name}", f"{seconds:.1f}") for name, seconds in times.items()),
        ("numbered messages", PEOPLE * MESSAGES),
        ("readings", MEASURERS * READINGS),
        ("processes killed (SIGKILL)", f"{sum(fleet.killed.values())}: {killed}"),
        ("processes that ended by themselves", f"{sum(fleet.fell.values())}: {dict(fleet.fell)}"),
        ("gateway faults", ", ".join(f"{name} {count}" for name, count in sorted(gateway.faults.fired.items()))),
        ("messages that reached a phone", gateway.ledger.total),
        ("... without the service being told", hidden_outcomes(gateway)),
        ("... then found in the gateway's history", actions["unknown_outcome found"]),
        ("... or not found, and sent again", actions["unknown_outcome repeated"]),
        ("sessions rebuilt from the journal", actions["session_rebuilt"]),
        ("lost", len(verdict.lost)),
        ("out of order", len(verdict.out_of_order)),
        ("sent twice, the gateway hid the first", len(verdict.hidden)),
        ("sent twice, unexplained", len(verdict.unexplained)),
        ("readings stored once / otherwise", f"{sum(c == 1 for c in stored.values())} / {sum(c != 1 for c in stored.values())}"),
        ("parked", parked.strip().splitlines()[-1] if parked.strip() else "?"),
    ]
    width = max(len(name) for name, _ in rows)
    lines = [f"  {name:<{width}}  {value}" for name, value in rows]
    lines.append("  log lines by action: " + ", ".join(f"{name} {count}" for name, count in actions.most_common(40)))
    return "\nchaos\n" + "\n".join(lines) + "\n"
