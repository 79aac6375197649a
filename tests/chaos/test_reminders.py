"""Reminders that are due while senders, schedulers, agents and workers are killed and the engines restart: none lost, none twice,
never a sixth in a day."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from bot.app.desks import open_store
from bot.ports.store import Store
from bot.running.agent_runner import LEASE
from config.settings import Settings
from tests.chaos.fleet import Fleet
from tests.chaos.reminders import PER_DAY, Sleeper, begin, dropped, judged, make_due, set_all
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer
from webhooks.lookalike.people import Instance, Patient
from webhooks.lookalike.server import LookAlike

pytestmark = [pytest.mark.chaos, pytest.mark.services, pytest.mark.timeout(400)]

PAUSED = 10.0  # seconds for which some want to hear nothing: longer than it takes to set everything up, on a quiet machine
BURSTS = (0.0, 2.0, 7.0)  # seconds after that at which a part of the reminders comes due; two parts wait for the senders' ends
LEASES_UNTIL = 3.9 + LEASE + 1.0  # the last scheduler or agent is killed at 3.9, and its work comes back after its lease
DRAIN_SECONDS = 120.0
QUIET_SECONDS = 3.0
LEDGER_SECONDS = 40.0
ANSWER_SECONDS = 3.0  # after which the gateway answers a send, while a sender is about to be killed
UNDER_WAY = 6  # sends that it has just taken and not answered when the sender is killed: some of them are that sender's
BUSY_WITHIN = 60.0  # seconds; on a slow machine the agents that were killed take their time
KEY, INSTANCE = "key-of-the-reminders-gateway", "procare"
ROLES = {
    "agent-1": ("agent", "engagement_engine"), "sender-1": ("sender",), "scheduler-1": ("scheduler",), "worker-1": ("worker",),
    "agent-2": ("agent", "engagement_engine"), "sender-2": ("sender",), "scheduler-2": ("scheduler",),
}  # fmt: skip


def people(pause_ends: float) -> list[Sleeper]:
    """Some with four reminders, some with eight, some who want to hear nothing for a moment, so that timers bring theirs."""
    kinds = [(4, 0.0)] * 40 + [(8, 0.0)] * 14 + [(4, pause_ends)] * 26
    return [Sleeper(f"9199980{place:05d}", place, count, paused) for place, (count, paused) in enumerate(kinds)]


async def test_no_reminder_is_lost_or_comes_twice_and_nobody_gets_a_sixth_while_everything_falls_over(
    tmp_path: Path,
    new_rabbitmq: Callable[[], RabbitmqServer],
    new_redis: Callable[[], RedisServer],
    mongodb_url: str,
    mongodb_database: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rabbit, redis = new_rabbitmq(), new_redis()
    numbers = [one.number for one in people(0.0)]
    gateway = LookAlike(
        [Instance(INSTANCE)], api_key=KEY, patients=[Patient(number, "Asha", INSTANCE) for number in numbers], receipts="sent"
    )  # fmt: skip
    stores: dict[str, object] = {"mongodb_url": mongodb_url, "mongodb_database": mongodb_database}
    settings = {**stores, "rabbitmq_url": rabbit.url, "redis_url": redis.url, "evolution_api_key": KEY, "send_rate": 50}
    async with gateway.listening() as url, open_store(Settings.model_validate(stores)) as store:
        fleet = Fleet(tmp_path / "fleet", {**settings, "evolution_url": url})
        for name, words in ROLES.items():
            fleet.add(name, *words)
        try:
            await fleet.start()
            supervision = asyncio.create_task(fleet.supervise())
            await set_all(store, people(0.0), time.time())
            pause_ends = time.time() + PAUSED
            everybody = people(pause_ends)
            await begin(store, everybody, INSTANCE, time.time())
            begun = max(time.time() + 1.0, pause_ends - 3.0)

            async def due(part: int, at: float) -> None:
                await asyncio.to_thread(make_due, mongodb_url, mongodb_database, everybody, part, at)

            for part, burst in enumerate(BURSTS):
                await due(part, begun + burst)
            await misfortune(fleet, rabbit, redis, gateway, begun, due)
            wanted = sum(min(one.count, PER_DAY) for one in everybody)
            await drained(gateway, wanted, begun + LEASES_UNTIL)
            given_up = await all_given_up(store, everybody)
            supervision.cancel()
        finally:
            fleet.close()
    arrived = {one.number: [accepted.text for accepted in gateway.ledger.of(one.number)] for one in everybody}
    found = judged(everybody, arrived, given_up)
    with capsys.disabled():
        print(
            f"\nreminders under chaos: {found.sent} sent, {found.given_up} given up for the day, {len(found.lost)} lost, "
            f"{len(found.twice)} twice, {len(found.sixth)} sixths; killed {dict(fleet.killed)}; {time.time() - begun:.0f} s"
        )
    assert not found.lost, found.lost[:10]
    assert not found.twice, found.twice[:10]
    assert not found.sixth, found.sixth[:10]
    assert found.sent == wanted
    assert sum(fleet.killed.values()) == len(ROLES)


async def misfortune(
    fleet: Fleet,
    rabbit: RabbitmqServer,
    redis: RedisServer,
    gateway: LookAlike,
    begun: float,
    due: Callable[[int, float], Awaitable[None]],
) -> None:
    """Every role is killed while it is busy, and each engine restarts; Redis also crashes. A sender is killed between what the
    gateway took and its answer: at any other moment nothing could come twice, and the claims would be put to no test. A part of
    the reminders is made ``due`` for it then: however long everything before has taken, the senders have something to do."""

    async def kill_in_mid_send(name: str, part: int) -> None:
        gateway.faults.add("delay", count=None, seconds=ANSWER_SECONDS)
        await due(part, time.time())
        taken, patience, seen = list[float](), time.monotonic() + BUSY_WITHIN, gateway.ledger.total
        while len(taken) < UNDER_WAY and time.monotonic() < patience:
            await asyncio.sleep(0.01)
            now = time.monotonic()
            taken = [at for at in taken if at > now - ANSWER_SECONDS / 2] + [now] * (gateway.ledger.total - seen)
            seen = gateway.ledger.total
        await fleet.kill(name)
        gateway.faults.clear()
        assert len(taken) >= UNDER_WAY, f"{name} was never busy"

    async def crash() -> None:
        await asyncio.to_thread(redis.kill)
        await asyncio.to_thread(redis.start)

    acts: list[tuple[float, Callable[[], Awaitable[None]]]] = [
        (0.5, partial(fleet.kill, "agent-1")),
        (2.4, partial(fleet.kill, "agent-2")),
        (3.2, partial(fleet.kill, "scheduler-1")),
        (3.9, partial(fleet.kill, "scheduler-2")),
        (4.5, partial(kill_in_mid_send, "sender-1", len(BURSTS))),
        (5.2, partial(asyncio.to_thread, rabbit.restart)),
        (6.0, partial(fleet.kill, "worker-1")),
        (8.2, crash),
        (9.0, partial(kill_in_mid_send, "sender-2", len(BURSTS) + 1)),
        (11.2, partial(asyncio.to_thread, redis.restart)),
    ]
    for after, act in acts:
        await asyncio.sleep(max(0.0, begun + after - time.time()))
        await act()


async def drained(gateway: LookAlike, wanted: int, at_least: float) -> None:
    """Until all have arrived and every lease is over, and a little longer for what comes twice or too often."""
    deadline, seen, since = time.monotonic() + DRAIN_SECONDS, -1, time.monotonic()
    while time.monotonic() < deadline:
        if gateway.ledger.total != seen:
            seen, since = gateway.ledger.total, time.monotonic()
        if seen >= wanted and time.time() > at_least and time.monotonic() - since > QUIET_SECONDS:
            return
        await asyncio.sleep(0.1)


async def all_given_up(store: Store, everybody: list[Sleeper]) -> dict[str, set[str]]:
    """What the ledger says was not to be sent; it is written behind, by the workers."""
    expected, deadline = sum(max(0, one.count - PER_DAY) for one in everybody), time.monotonic() + LEDGER_SECONDS
    while True:
        found = {one.number: await dropped(store, one) for one in everybody}
        if sum(len(names) for names in found.values()) >= expected or time.monotonic() > deadline:
            return found
        await asyncio.sleep(0.5)


def test_the_judge_sees_what_is_lost_twice_and_too_much() -> None:
    two = [Sleeper("1", 1, 2), Sleeper("2", 2, 7)]
    five = [f"reminder 2.{number}" for number in range(5)]
    fine = judged(two, {"1": ["reminder 1.0", "reminder 1.1"], "2": five}, {"2": {"2.5", "2.6"}})
    assert (fine.lost, fine.twice, fine.sixth, fine.sent, fine.given_up) == ([], [], [], 7, 2)
    assert judged(two, {"1": ["reminder 1.0"], "2": five}, {"2": {"2.5", "2.6"}}).lost == ["1.1", "1.1"]
    assert judged(two, {"1": ["reminder 1.0"], "2": five}, {"1": {"1.1"}, "2": {"2.5", "2.6"}}).lost == ["1.1"], "for no reason"
    assert judged(two, {"1": ["reminder 1.0"] * 2 + ["reminder 1.1"], "2": five}, {"2": {"2.5", "2.6"}}).twice == ["1.0"]
    assert judged(two, {"1": ["reminder 1.0, reminder 1.1"], "2": [*five, "reminder 2.5"]}, {"2": {"2.6"}}).sixth == ["2"]
