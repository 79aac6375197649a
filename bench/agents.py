"""How long each agent takes at 100 intents a second: ``python -m bench.agents [--seconds 15] [--servers]``.

Intents in a day's mix, no language model, go over the bus through the real consumer and runner to all seven agents in one
process, as in ``procare serve``: on the embedded engines, or with ``--servers`` on private RabbitMQ, Redis and mongod (never on
those of an installation, whose agents would answer made-up people). Goal: p99 below 40 ms for every agent.

*trips*: how often, at the median, an intent waits for the store: calls that begin while another one is under way count as one
trip; *writes* are those of them with a durable write. Unlike times they do not depend on how busy the machine is.
*agent*: from the intent in hand to the answer, before it is published. *store*: its calls of the store, added up (those side by
side count each). *whole*: from when it was due on the bus to its acknowledgement. The floor runs among them, ten times a second:
one indexed look and one durable write, which no agent that keeps anything can do without.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import uvloop
from pydantic import SecretStr

from agents.registry import NAMES, make_agents
from agents.result import Agent, Result
from bench.agent_mix import PEOPLE, WEIGHTS, Mix, person, settle, with_somebody
from bench.engines import Engines as Servers
from bot import queues
from bot.app.engines import Engines, engine_names, open_engines
from bot.cli.run import spare_the_collector
from bot.metrics import Metrics
from bot.model.codec import encode
from bot.model.effects import Intent, Record
from bot.model.ids import EffectId
from bot.ports.bus import Delivery, Envelope
from bot.ports.store import Store
from bot.running.agent_runner import AgentRunner
from bot.running.consumer import Consumer
from bot.sealing.master import new_master_key
from config.clinic import load_clinic
from config.policy import load_policy
from config.settings import Settings

ROOT = Path(__file__).parent.parent
RATE, WARM, GOAL = 100.0, 3.0, 40.0
PATIENCE = 20.0
WRITES = frozenset({"record", "save", "add_reading", "append_journal"})
_calls: ContextVar[list[Call]] = ContextVar("calls")


class Call(NamedTuple):
    started: float
    ended: float
    writes: bool


class Took(NamedTuple):
    """Of one intent: seconds of the agent, seconds of its calls of the store, how often it waited, and how often for a disk."""

    whole: float
    store: float
    trips: int
    writes: int


def trips(calls: Sequence[Call]) -> tuple[int, int]:
    """How often somebody waited who made these calls, and in how many of those waits something was written."""
    waits: list[bool] = []
    until = float("-inf")
    for call in sorted(calls):
        if call.started < until:
            waits[-1] = waits[-1] or call.writes
            until = max(until, call.ended)
        else:
            waits.append(call.writes)
            until = call.ended
    return len(waits), sum(waits)


class Watched:
    """A store (or its documents) whose calls are timed for the intent in hand."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name == "documents":
            return Watched(found)
        if not callable(found):
            return found

        async def timed(*words: Any, **more: Any) -> Any:
            started = time.perf_counter()
            try:
                return await found(*words, **more)
            finally:
                with suppress(LookupError):
                    _calls.get().append(Call(started, time.perf_counter(), name in WRITES))

        return timed


class Seen:
    """An agent whose answers are timed. What wakes it is not ours to measure, so it is left out."""

    def __init__(self, agent: Agent, times: dict[str, list[Took]], outcomes: dict[str, int]) -> None:
        self._agent, self._times, self._outcomes, self.name = agent, times, outcomes, agent.name
        self.measuring = False

    async def handle(self, intent: Intent, *, now: float) -> Result:
        calls: list[Call] = []
        token = _calls.set(calls)
        started = time.perf_counter()
        try:
            result = await self._agent.handle(intent, now=now)
        finally:
            took = time.perf_counter() - started
            if self.measuring:
                one = Took(took, sum(call.ended - call.started for call in calls), *trips(calls))
                for what in (self.name, f"  {intent.name}"):
                    self._times[what].append(one)
            _calls.reset(token)
        self._outcomes[f"{intent.name}: {result.outcome}"] += 1
        return result


class Run:
    def __init__(self, engines: Engines, settings: Settings, seconds: float, warm: float) -> None:
        self._engines, self._settings, self._seconds, self._warm = engines, settings, seconds, warm
        self.times: dict[str, list[Took]] = defaultdict(list)
        self.whole: dict[str, list[float]] = defaultdict(list)
        self.outcomes: dict[str, int] = defaultdict(int)
        self.floor: list[float] = []
        self._due: dict[str, tuple[str, float]] = {}

    async def go(self) -> None:
        dice, policy, now = random.Random(5), with_somebody(load_policy()), time.time()
        await settle(self._engines.store, policy, now, dice)
        watched: Store = Watched(self._engines.store)
        agents = [Seen(one, self.times, self.outcomes) for one in make_agents(watched, policy, ROOT / "dialogs").values()]
        mix, stop = Mix(load_clinic(), now, dice), asyncio.Event()
        spare_the_collector()  # as a role does when it is ready
        async with asyncio.TaskGroup() as group:
            for agent in agents:
                group.create_task(self._consumer(agent).run(stop))
            await self._publish(mix, self._warm)
            for agent in agents:
                agent.measuring = True
            probe = group.create_task(self._probe())
            await self._publish(mix, self._seconds)
            probe.cancel()
            async with asyncio.timeout(PATIENCE):
                while self._due:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            stop.set()

    async def _publish(self, mix: Mix, seconds: float) -> None:
        """At the rate, however slow the answers are; late ones are counted from when they were due."""
        started = time.perf_counter()
        intents = mix.intents(time.time())
        async with asyncio.TaskGroup() as group:
            for number in range(int(seconds * RATE)):
                due = started + number / RATE
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
                intent = next(intents)
                self._due[intent.id] = (intent.agent, due)
                envelope = Envelope(id=intent.id, key=intent.person, body=encode(intent), at=time.time())
                group.create_task(self._engines.bus.publish(queues.agent(intent.agent), envelope))

    def _consumer(self, agent: Seen) -> Consumer:
        engines, settings, metrics = self._engines, self._settings, Metrics()
        runner = AgentRunner(agent, engines.bus, engines.store.documents, metrics, time.time, settings.partitions, NAMES)

        async def handle(delivery: Delivery) -> None:
            await runner.handle(delivery)
            name, due = self._due.pop(delivery.envelope.id, ("", 0.0))
            if agent.measuring and name:
                self.whole[name].append(time.perf_counter() - due)

        return Consumer(engines.bus, queues.agent(agent.name), handle, metrics, prefetch=settings.worker_slots, budget=30.0)

    async def _probe(self) -> None:
        store = self._engines.store
        for number in itertools.count():
            who, id_ = person(number % PEOPLE), EffectId(f"floor:{time.time()}")
            started = time.perf_counter()
            await store.records(who, "activity_goal", 1)
            await store.record([Record(id_, who, "floor", time.time(), {})])
            self.floor.append(time.perf_counter() - started)
            await asyncio.sleep(0.1)


def at(values: list[float], share: float) -> float:
    """Milliseconds."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000


def table(run: Run) -> str:
    times = "".join(f"{f'{what} p50':>11}{'p99':>8}" for what in ("agent", "store", "whole"))
    lines = [f"{'':24}{'count':>7}{times}{'trips':>7}{'writes':>8}"]
    names = [name for agent in NAMES for name in (agent, *_of(agent)) if run.times.get(name)]
    for name in names:
        every = run.times[name]
        took, store = [one.whole for one in every], [one.store for one in every]
        line = (
            f"{name:24}{len(took):>7}{at(took, 0.5):>11.1f}{at(took, 0.99):>8.1f}{at(store, 0.5):>11.1f}{at(store, 0.99):>8.1f}"
        )
        whole = run.whole.get(name)
        line += _pair(whole) if whole else " " * 19
        if name.startswith(" "):  # of an agent as a whole it would say nothing
            line += f"{median(one.trips for one in every):>7.0f}{median(one.writes for one in every):>8.0f}"
        lines.append(line)
    lines.append(f"{'floor':24}{len(run.floor):>7}{_pair(run.floor)}")
    return "\n".join(lines)


def _pair(values: list[float]) -> str:
    return f"{at(values, 0.5):>11.1f}{at(values, 0.99):>8.1f}"


def _of(agent: str) -> list[str]:
    return [f"  {name}" for owner, name in WEIGHTS if owner == agent]


@contextmanager
def where(servers: bool) -> Iterator[Settings]:
    with TemporaryDirectory(prefix="procare-bench-") as folder:
        if not servers:
            yield Settings(data_dir=Path(folder))
            return
        with Servers() as private:
            urls = {name: SecretStr(one.url) for name, one in (
                ("rabbitmq_url", private.rabbitmq), ("redis_url", private.redis), ("mongodb_url", private.mongod))}  # fmt: skip
            urls["master_key"] = SecretStr(new_master_key())
            yield Settings(data_dir=Path(folder), mongodb_database="bench", **urls)  # type: ignore[arg-type]


async def measured(settings: Settings, seconds: float, warm: float = WARM) -> Run:
    async with open_engines(settings) as engines:
        await engines.bus.declare(queues.topology(settings.partitions, NAMES))
        run = Run(engines, settings, seconds, warm)
        await run.go()
        return run


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.agents", description="Time each agent at 100 intents a second.")
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--servers", action="store_true", help="private RabbitMQ, Redis and mongod instead of embedded engines")
    parser.add_argument("--outcomes", action="store_true", help="also how the intents ended")
    words = parser.parse_args()
    with where(words.servers) as settings:
        names = engine_names(settings)
        print(f"{RATE:.0f} intents a second for {words.seconds:.0f} s on {names['bus']}, {names['store']}; milliseconds")
        spent, started = time.process_time(), time.perf_counter()
        run = uvloop.run(measured(settings, words.seconds))
        share = (time.process_time() - spent) / (time.perf_counter() - started)
    print(table(run))
    print(f"this process used {share:.0%} of a core; load of the machine {os.getloadavg()[0]:.1f}")
    if words.outcomes:
        print("\n".join(f"{count:6} {what}" for what, count in sorted(run.outcomes.items())))
    late = [name for name in NAMES if at([took for took, *_ in run.times[name]], 0.99) >= GOAL]
    if not late:
        print(f"p99 of every agent below {GOAL:.0f} ms")
    elif at(run.floor, 0.99) > GOAL / 2:
        print(f"not to be judged: the floor alone took {at(run.floor, 0.99):.0f} ms, so others held up disk or processor")
    else:
        print(f"over {GOAL:.0f} ms: {', '.join(late)}")
    return 1 if late else 0


if __name__ == "__main__":
    sys.exit(main())
