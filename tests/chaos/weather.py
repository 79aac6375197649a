"""What goes wrong: the gateway's faults, the kills in turn, the engines that restart or forget."""

from __future__ import annotations

import asyncio
import itertools
import random

from tests.chaos.fleet import Fleet
from tests.chaos.timeline import Timeline
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer
from webhooks.lookalike.server import LookAlike

RATE_LIMIT = 130429  # Meta's code inside a 201: "Rate limit hit"
BROKEN = 131000  # Meta's code inside a 201: "Something went wrong"
KILL_EVERY = (1.5, 3.5)  # seconds between two kills


def bad_weather(gateway: LookAlike) -> None:
    """Every fourth send goes wrong in one of the ways in which the real gateway is known to go wrong."""
    add = gateway.faults.add
    add("http_500", count=None, probability=0.04)
    add("http_429", count=None, probability=0.01)
    add("refused", count=None, probability=0.02, code=RATE_LIMIT)
    add("refused", count=None, probability=0.02, code=BROKEN)
    add("unreadable", count=None, probability=0.02, accepted=True)
    add("unreadable", count=None, probability=0.01)
    add("timed_out", count=None, probability=0.01, accepted=True)
    add("timed_out", count=None, probability=0.01)
    add("reset_before", count=None, probability=0.02)
    add("reset_after", count=None, probability=0.03)
    add("hang", count=None, probability=0.01, seconds=3.0, accepted=True)
    add("hang", count=None, probability=0.01, seconds=3.0)
    add("delay", count=None, probability=0.01, seconds=1.0)
    add("early_receipt", count=None, probability=0.01)
    add("duplicate", count=None, probability=0.03)
    add("wrong_sender", count=None, probability=0.02)


async def storm(gateway: LookAlike, seconds: float, timeline: Timeline) -> None:
    """The gateway takes nothing at all for a while, then goes back to its ordinary faults."""
    timeline.note("*", "the gateway is down")
    gateway.faults.clear()
    gateway.faults.add("http_500", count=None)
    await asyncio.sleep(seconds)
    gateway.faults.clear()
    bad_weather(gateway)
    timeline.note("*", "the gateway is up again")


async def kills(fleet: Fleet, timeline: Timeline, until: asyncio.Event) -> None:
    """One process after the other, in turn."""
    for name in itertools.cycle(fleet.names):
        try:
            await asyncio.wait_for(until.wait(), random.uniform(*KILL_EVERY))
            return
        except TimeoutError:
            timeline.note("*", f"{name} is killed")
            await fleet.kill(name)


async def upheavals(rabbit: RabbitmqServer, redis: RedisServer, gateway: LookAlike, timeline: Timeline, seconds: float) -> None:
    """The engines, spread over the time of the test."""

    def crash() -> None:
        redis.kill()
        redis.start()

    for what, act in (
        ("RabbitMQ restarts", rabbit.restart),
        ("Redis restarts", redis.restart),
        ("Redis crashes", crash),
        ("Redis loses its data", redis.wipe),
    ):
        await asyncio.sleep(seconds * 0.12)
        timeline.note("*", what)
        await asyncio.to_thread(act)
        timeline.note("*", f"{what}: done")
    await asyncio.sleep(seconds * 0.1)
    await storm(gateway, 8.0, timeline)
