"""Half an hour at half of what goes through when nothing fails, with faults: memory, waiting, and the promises at the end.

``make soak`` runs it; ``make soak SECONDS=240`` a short one.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

import psutil
import pytest

from tests.chaos.crowd import Crowd, Person
from tests.chaos.evidence import actions_of, drain, hidden_outcomes, leaks_of
from tests.chaos.fleet import Fleet
from tests.chaos.installation import dialogues, engines_of, installed, patients_of
from tests.chaos.judge import hold, judge, outstanding
from tests.chaos.timeline import Timeline
from tests.chaos.weather import bad_weather, storm
from tests.servers.process import ServerProcess
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer
from tests.soak.load import IN_BURST, MOST_EACH, WRITERS, Load
from webhooks.lookalike.server import LookAlike

SECONDS = float(os.environ.get("PROCARE_TEST_SOAK_SECONDS", "1800"))
pytestmark = [pytest.mark.long, pytest.mark.timeout(SECONDS + 600)]

MOST_RATE = 200.0  # messages a second: the people and the gateway are on the same machine
KILL_EVERY = 30.0
LOOK = 5.0  # seconds between two looks at the memory
GROWTH = 1.25  # the last third against the second: the first one fills caches
ROLES = {
    "worker-1": ("worker",), "sender-1": ("sender",), "ingress": ("ingress",), "worker-2": ("worker",),
    "agent": ("agent", "clinical_monitor"), "sender-2": ("sender",), "scheduler": ("scheduler",),
}  # fmt: skip
KILLED = ("sender-1", "worker-2", "agent", "ingress", "scheduler")
"""The others live to the end, so that their memory can be followed."""


async def test_half_an_hour_at_half_capacity_with_faults(
    tmp_path: Path,
    new_rabbitmq: Callable[[], RabbitmqServer],
    new_redis: Callable[[], RedisServer],
    mongodb_url: str,
    mongodb_database: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rabbit, redis = await asyncio.gather(asyncio.to_thread(new_rabbitmq), asyncio.to_thread(new_redis))
    count = IN_BURST + round(MOST_RATE * (WRITERS + SECONDS / MOST_EACH))
    remembered = count * (MOST_EACH + 10)
    people = [Person(f"919996{place:06d}", "Parcels") for place in range(count)]
    timeline = Timeline()
    engines = engines_of(rabbit.url, redis.url, mongodb_url, mongodb_database)
    patients = patients_of(one.number for one in people)
    async with installed(tmp_path, engines, patients, ROLES, content=dialogues(tmp_path), ledger=remembered) as place:
        gateway, fleet = place.gateway, place.fleet
        crowd = Crowd(gateway, timeline)
        load = Load(crowd, gateway, people)
        capacity = await load.burst()
        rate, before = min(capacity / 2, MOST_RATE), len(load.wrote_at)
        sizes: dict[str, list[tuple[float, int]]] = defaultdict(list)
        beside = [
            asyncio.create_task(fleet.supervise()),
            asyncio.create_task(weigh(fleet, {"rabbitmq": rabbit, "redis": redis}, sizes)),
            asyncio.create_task(kills(fleet, timeline)),
        ]
        bad_weather(gateway)
        trouble = asyncio.create_task(upheavals(rabbit, redis, gateway, timeline))
        await load.steady(rate, SECONDS)
        await trouble
        beside[2].cancel()
        gateway.faults.clear()
        drained = await drain(gateway, load.came)
        for task in beside:
            task.cancel()
        parked = await place.parked()
        leaks = leaks_of(fleet, load.came)
    verdict, waits = judge(gateway, load.came), load.waits()
    with capsys.disabled():
        print(f"\nsoak of {SECONDS:.0f} s: a burst went through at {capacity:.1f} messages/s, then {rate:.1f}/s wanted")
        wrote = len(load.wrote_at) - before
        print(f"  {len(load.came)} people, {wrote} messages ({wrote / SECONDS:.1f}/s)")
        print(f"  killed {dict(fleet.killed)}, fell {dict(fleet.fell)}")
        print(f"  gateway faults {dict(gateway.faults.fired)}")
        told = "  ".join(f"p{share} {at(waits, share / 100):.2f}" for share in (50, 95, 99))
        print(f"  seconds to the answer, faults included: {told}")
        for name, grown in sorted(thirds(sizes).items()):
            print(f"  MB of {name:<10} " + "  ".join(f"{size:7.1f}" for size in grown))
        print(f"  lost {len(verdict.lost)}, out of order {len(verdict.out_of_order)}, twice {len(verdict.unexplained)}, "
              f"twice because the gateway hid the first {len(verdict.hidden)} of {hidden_outcomes(gateway)}, "
              f"foreign {len(verdict.foreign)}; {parked.stdout.strip()}")  # fmt: skip
        print("  log lines by action: " + ", ".join(f"{name} {number}" for name, number in actions_of(fleet).most_common(20)))
    assert crowd.given_up == 0, "the gateway gave up events: the test proves nothing"
    assert gateway.ledger.total <= remembered, "the gateway forgot what it had sent: the test proves nothing"
    hold(verdict, timeline, gateway)
    assert len(verdict.hidden) <= hidden_outcomes(gateway)
    assert drained
    assert outstanding(gateway, load.came) == 0
    assert parked.stdout.strip() == "0 parked", parked.stdout + parked.stderr
    assert not leaks, leaks[:5]
    for name in ("worker-1", "sender-2"):
        _, second, last = thirds(sizes)[name]
        assert last < second * GROWTH, f"{name} grows: {second:.0f} MB, then {last:.0f} MB"


async def weigh(fleet: Fleet, servers: dict[str, ServerProcess], sizes: dict[str, list[tuple[float, int]]]) -> None:
    while True:
        pids = {name: service.process.pid for name, service in fleet.services.items() if service.running and service.process}
        pids |= {name: server.pid for name, server in servers.items() if server.pid is not None}
        for name, pid in pids.items():
            try:
                sizes[name].append((time.monotonic(), psutil.Process(pid).memory_info().rss))
            except psutil.NoSuchProcess:
                continue  # killed in between
        await asyncio.sleep(LOOK)


def thirds(sizes: dict[str, list[tuple[float, int]]]) -> dict[str, tuple[float, float, float]]:
    """The median in MB of each third of the time."""
    found = {}
    for name, seen in sizes.items():
        begun, ended = seen[0][0], seen[-1][0]
        parts: list[list[float]] = [[], [], []]
        for when, size in seen:
            parts[min(2, int(3 * (when - begun) / max(ended - begun, 1e-9)))].append(size / 1e6)
        found[name] = (median(parts[0]), median(parts[1] or parts[0]), median(parts[2] or parts[0]))
    return found


async def kills(fleet: Fleet, timeline: Timeline) -> None:
    for name in itertools.cycle(KILLED):
        await asyncio.sleep(KILL_EVERY)
        timeline.note("*", f"{name} is killed")
        await fleet.kill(name)


async def upheavals(rabbit: RabbitmqServer, redis: RedisServer, gateway: LookAlike, timeline: Timeline) -> None:
    """Each once, spread over the time."""

    def crash() -> None:
        redis.kill()
        redis.start()

    for what, act in (("RabbitMQ restarts", rabbit.restart), ("Redis crashes", crash), ("Redis loses its data", redis.wipe)):
        await asyncio.sleep(SECONDS * 0.2)
        timeline.note("*", what)
        await asyncio.to_thread(act)
        timeline.note("*", f"{what}: done")
    await asyncio.sleep(SECONDS * 0.15)
    await storm(gateway, 8.0, timeline)


def at(waits: list[float], share: float) -> float:
    return waits[min(len(waits) - 1, int(len(waits) * share))]
