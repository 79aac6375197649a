"""``python -m bench.wave``: everybody's reminders are due at eight, on private RabbitMQ, Redis and mongod.

Half are medicines, half are walks. The real runner claims them from the store, the real engagement engine wakes, the valve holds
back, RabbitMQ carries; then each passes the planner, the count in Redis and the pace of the channel. Turns are left out: ``make
bench`` has them.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime

import psutil
from msgspec import Struct, field
from pydantic import SecretStr

from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.kept import KIND, written
from agents.engagement_engine.rule import rule_of
from agents.engagement_engine.schedule import Reminder
from agents.registry import NAMES
from bench.engines import Engines as Servers
from bot import queues
from bot.app.engines import Engines, open_engines
from bot.cli.forecast import coming
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.effects import WakeAt
from bot.model.events import Told
from bot.model.ids import EffectId, person_of
from bot.notices.bid import Bid
from bot.notices.days import day_of, zone_of
from bot.notices.person import Person
from bot.notices.planner import plan
from bot.notices.wave import Wave, forecast
from bot.ports.bus import Delivery
from bot.ports.documents import Document
from bot.running.agent_runner import BATCH, AgentRunner
from bot.running.consumer import Consumer
from bot.running.scheduler import Scheduler
from bot.running.valve import Valve
from bot.sealing.master import new_master_key
from bot.sending.pacing import Pacer
from config.engagement import load_engagement
from config.policy import load_policy
from config.settings import Settings

ZONE = "Asia/Kolkata"
EIGHT = 1_764_037_800.0  # 25 November 2025, 08:00 in India
AHEAD = 10.0  # seconds of the channel's work in the queues, as in the service
AT_ONCE = 200
LOOK = 2.0  # seconds between two looks at memory and queues
KINDS = {"medicine_due": "medicine", "reminder_due": "walk"}
NUMBER = re.compile(r":r(\d+):")


class Seen(Struct):
    """What reached the channel, by kind: how many, the first and the last moment. ``memory``: MiB of this process."""

    sent: dict[str, int] = field(default_factory=dict)
    first: dict[str, float] = field(default_factory=dict)
    last: dict[str, float] = field(default_factory=dict)
    people: bytearray = field(default_factory=bytearray)  # 1 for whom one came: a set of ids would grow with the wave
    came: int = 0
    not_sent: int = 0
    twice: int = 0
    before_walks: int = 0  # medicines that went before the first walk
    memory: list[float] = field(default_factory=list)
    queued: list[int] = field(default_factory=list)


class Bench:
    def __init__(self, engines: Engines, people: int, rate: float) -> None:
        self._engines, self._people, self._rate = engines, people, rate
        self._partitions, self._slots = Settings().partitions, Settings().worker_slots
        self._turns = [queues.turns(number) for number in range(self._partitions)]
        self.seen, self._all_seen = Seen(people=bytearray(people)), asyncio.Event()

    async def prepare(self) -> float:
        """Half medicines, half walks of one minute, as if set the day before. Returns documents a second."""
        rule, began = rule_of("daily", "08:00", ZONE, EIGHT - 86_000), time.perf_counter()
        for first in range(0, self._people, AT_ONCE):
            numbers = range(first, min(self._people, first + AT_ONCE))
            reminders = [Reminder("walk" if number % 2 else "medicine", rule, ZONE) for number in numbers]
            made = [
                written(Document(KIND, f"r{number}", person_of(f"phone:9198{number:08d}"), EIGHT - 86_000), one, "active")
                for number, one in zip(numbers, reminders, strict=True)
            ]
            await asyncio.gather(*(self._engines.store.documents.save(one) for one in made))
        return self._people / (time.perf_counter() - began)

    async def claims(self) -> float:
        """Documents a second that one claimer takes: all that the wave has left for the next day at eight."""
        began, taken = time.perf_counter(), 0
        while page := await self._engines.store.documents.claim_due((KIND,), EIGHT + 86_460, BATCH, 600.0):
            taken += len(page)
        return taken / (time.perf_counter() - began)

    async def timers(self, count: int) -> float:
        """Timers a second that one scheduler claims from Redis, publishes to RabbitMQ with a confirm, and closes."""
        for first in range(0, count, AT_ONCE):
            numbers = range(first, min(count, first + AT_ONCE))
            wakes = [WakeAt(EffectId(f"t{n}"), person_of(f"phone:9198{n:08d}"), EIGHT, {"why": "wait"}) for n in numbers]
            await asyncio.gather(*(self._engines.timers.set(one) for one in wakes))
        scheduler = Scheduler(
            self._engines.timers, self._engines.bus, self._engines.store, Metrics(), lambda: EIGHT, self._partitions
        )
        began, fired = time.perf_counter(), 0
        while fired < count:
            fired += await scheduler.tick()
        rate = fired / (time.perf_counter() - began)
        await self._emptied(fired)
        return rate

    async def wave(self) -> tuple[list[Wave], float]:
        """The forecast, and how long it really took."""
        batches = await coming(self._engines.store.documents, load_engagement(), EIGHT - 60, EIGHT + 60)
        waves = forecast(batches, self._rate, EIGHT)
        began = time.time()

        def clock() -> float:
            return EIGHT + time.time() - began

        valve = Valve(self._engines.bus, self._turns, self._rate, AHEAD)
        agent = EngagementEngine(self._engines.store, load_policy(), load_engagement())
        runner = AgentRunner(
            agent, self._engines.bus, self._engines.store.documents, Metrics(), clock, self._partitions, NAMES, valve
        )
        pacer, stop = Pacer(self._rate), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            others = [group.create_task(runner.run_due(stop)), group.create_task(self._look())]
            for queue in self._turns:
                # As the service does it: many people side by side. One at a time, each waits for the look of the one before.
                channel = Consumer(
                    self._engines.bus, queue, self._channel(pacer, clock), Metrics(), prefetch=self._slots, budget=None
                )  # fmt: skip
                group.create_task(channel.run(stop))
            await self._all_seen.wait()  # of a repeat that comes later than the last, nothing is seen
            took = clock() - EIGHT
            stop.set()
            others[1].cancel()
        return waves, took

    def _channel(self, pacer: Pacer, clock: Callable[[], float]) -> Callable[[Delivery], Awaitable[None]]:
        seen = self.seen

        async def handle(delivery: Delivery) -> None:
            told = decode_turn_event(delivery.envelope.body)
            assert isinstance(told, Told)
            number = NUMBER.search(told.id)
            assert number, told.id
            if seen.people[int(number[1])]:
                seen.twice += 1
            if await self._may(told, clock()):
                await pacer.wait("main")
                kind, now = KINDS[told.name], clock()
                seen.sent[kind] = seen.sent.get(kind, 0) + 1
                seen.first.setdefault(kind, now)
                seen.last[kind] = now
                seen.before_walks += kind == "medicine" and "walk" not in seen.first
            else:
                seen.not_sent += 1
            seen.came += not seen.people[int(number[1])]
            seen.people[int(number[1])] = 1
            if seen.came == self._people:
                self._all_seen.set()

        return handle

    async def _may(self, told: Told, now: float) -> bool:
        """The planner's word, then the count."""
        topic = "medicine.dose" if told.name == "medicine_due" else "engagement_engine.reminder"
        bid = Bid(told.id, "reminder", topic, now, told.expires_at or now, chosen=True)
        person = Person(zone=ZONE, limit=5, most=5, usual_quiet=(1320, 420))
        if plan([bid], person, now)[bid.id].verdict != "send":
            return False
        return await self._engines.caps.take(told.person, EffectId(told.id), 5, day=day_of(now, ZONE), now=now)

    async def _look(self) -> None:
        process = psutil.Process()
        while True:
            self.seen.memory.append(process.memory_info().rss / 2**20)
            self.seen.queued.append(sum([(await self._engines.bus.depth(queue)).ready for queue in self._turns]))
            await asyncio.sleep(LOOK)

    async def _emptied(self, count: int) -> None:
        left, empty = count, asyncio.Event()
        async with asyncio.TaskGroup() as group:

            async def drain(queue: str) -> None:
                nonlocal left
                async with self._engines.bus.subscribe(queue, prefetch=500) as subscription:
                    while True:
                        await subscription.ack(await subscription.get())
                        left -= 1
                        if not left:
                            empty.set()

            tasks = [group.create_task(drain(queue)) for queue in self._turns]
            await empty.wait()
            for task in tasks:
                task.cancel()


async def measured(servers: Servers, people: int, rate: float) -> None:
    settings = Settings(
        redis_url=servers.redis.url,
        rabbitmq_url=servers.rabbitmq.url,
        mongodb_url=servers.mongod.url,
        mongodb_database="wave",
        master_key=SecretStr(new_master_key()),
    )
    async with open_engines(settings) as engines:
        await engines.bus.declare(queues.topology(settings.partitions, NAMES))
        bench = Bench(engines, people, rate)
        print(f"timers, one scheduler: {await bench.timers(min(people, 20_000)):,.0f} a second from Redis to RabbitMQ and closed")
        print(f"reminders set: {await bench.prepare():,.0f} a second into MongoDB")
        processor, began = time.process_time(), {**servers.cpu()}
        waves, took = await bench.wave()
        seen, own = bench.seen, time.process_time() - processor
        engines_cpu = {name: spent - began[name] for name, spent in servers.cpu().items()}
        claimed = await bench.claims()
    print(f"due claims, one claimer: {claimed:,.0f} documents a second from MongoDB")
    medicines = max(one.done for wave in waves for one in wave.served if one.batch.name == "medicine")
    too_late = sum(one.late for one in waves)
    print(f"wave of {people:,} at 08:00:00, the channel takes {rate:g} a second")
    print(f"  forecast: medicines by {_clock(medicines)}, done by {_clock(waves[-1].done)}, {too_late:,} too late")
    print(f"  was:      medicines by {_clock(seen.last['medicine'])}, done by {_clock(EIGHT + took)}, {seen.not_sent:,} not sent")
    order = f"{seen.before_walks:,} of {seen.sent['medicine']:,} medicines before the first walk"
    print(f"  {order}; {seen.twice:,} twice, none lost")
    print(f"  in the queues at most {max(seen.queued):,} (room for {rate * AHEAD:,.0f})")
    early, late = seen.memory[len(seen.memory) // 4], seen.memory[-1]
    print(f"  memory of the process: {early:.0f} MiB after a quarter, {late:.0f} MiB at the end, {max(seen.memory):.0f} at most")
    spent = ", ".join(f"{name} {seconds / people * 1e3:.2f}" for name, seconds in engines_cpu.items())
    print(f"  processor ms a reminder: runner, planner, count and channel {own / people * 1e3:.2f}; {spent}")


def _clock(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment, zone_of(ZONE)):%H:%M:%S}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=240.0, help="messages a second of the channel")
    wanted = parser.parse_args()
    with Servers() as servers:
        asyncio.run(measured(servers, wanted.people, wanted.rate))
    return 0


if __name__ == "__main__":
    sys.exit(main())
