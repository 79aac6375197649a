"""The roles: what each part of the service consists of. They run together (``serve``) or alone."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass

from agents.registry import NAMES
from agents.result import Agent
from bot import queues
from bot.app.engines import Engines
from bot.backup.doubt import last_restore
from bot.metrics import Metrics
from bot.ports.advice import Opinions
from bot.ports.bus import Delivery
from bot.ports.gateway import Gateway
from bot.ports.store import DeliveryRecord, JournalEntry
from bot.published.library import Library
from bot.published.tidy import keep_tidy
from bot.running.agent_runner import AgentRunner
from bot.running.consumer import Consumer, Handler
from bot.running.partitions import Partitions
from bot.running.scheduler import Scheduler
from bot.running.valve import Valve
from bot.running.write_behind import WriteBehind
from bot.sending.approvals import Approvals
from bot.sending.channel_watch import ChannelWatch
from bot.sending.circuit import Circuits
from bot.sending.delivery_watch import DeliveryWatch
from bot.sending.forms import Forms
from bot.sending.pacing import Pacer
from bot.sending.receipts import Receipts
from bot.sending.sender import Sender
from bot.sending.shut_out import ShutOut
from bot.sending.spending import Spending
from bot.traced import TracedGateway
from bot.tracing import UNTRACED, Tracing
from bot.turns.outbox import Outbox
from bot.turns.recorder import Recorder
from bot.turns.worker import Decides, Worker
from bot.upkeep.expiry import keep_expiring
from bot.upkeep.retention import keep_dropping
from config.costs import load_costs
from config.policy import Policy
from config.retention import load_retention
from config.settings import Settings
from config.watch import load_watch_policy

TURN_BUDGET = 20.0
"""Seconds for one attempt of a turn: above the sum of its engines' deadlines, far below the broker's 30 minutes."""
SEND_BUDGET = None
"""The sender keeps its own deadline, which does not count the wait for a place in the pace."""
AGENT_BUDGET = 30.0
AHEAD = {"engagement_engine": 10.0, "learning_library": 5.0}
"""Seconds of the channel's work that may lie in the queues before an agent's due work waits; lessons wait before reminders do.
All others follow emergencies and bookings, which nothing holds up."""

ROLES = ("ingress", "worker", "agents", "sender", "scheduler")


def member_name() -> str:
    """Unique for each process, also for one that comes back under the same process id."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


@dataclass(frozen=True)
class Parts:
    """What the roles are made of."""

    settings: Settings
    policy: Policy
    engines: Engines
    metrics: Metrics
    clock: Callable[[], float]
    journal: WriteBehind[JournalEntry]
    delivery_records: WriteBehind[DeliveryRecord]
    tracing: Tracing = UNTRACED

    def consumer(
        self,
        queue: str,
        handler: Handler,
        *,
        prefetch: int,
        budget: float | None,
        longest_pause: float = 15.0,
        behind: Callable[[Delivery], None] | None = None,
        lets_pass: Callable[[Delivery], bool] | None = None,
    ) -> Consumer:
        return Consumer(
            self.engines.bus, queue, handler, self.metrics,
            prefetch=prefetch, budget=budget, longest_pause=longest_pause, drain_seconds=self.settings.stop_seconds * 0.75,
            tracing=self.tracing, behind=behind, lets_pass=lets_pass,
        )  # fmt: skip


async def run_worker(
    parts: Parts, engine: Decides, library: Library, stop: asyncio.Event, opinions: Opinions | None = None
) -> None:
    """Turns of the partitions that are ours, the durable records, and the dialogues that are published."""
    engines, settings = parts.engines, parts.settings
    outbox = Outbox(engines.bus, engines.timers, settings.partitions, NAMES)
    worker = Worker(
        engine,
        engines.sessions,
        engines.store,
        outbox,
        parts.journal,
        parts.metrics,
        parts.clock,
        library,
        opinions,
        engines.media,
    )

    async def consume(partition: int, halt: asyncio.Event) -> None:
        queue = queues.turns(partition)
        await parts.consumer(
            queue, worker.handle, prefetch=settings.worker_slots, budget=TURN_BUDGET, longest_pause=2.0, behind=worker.behind
        ).run(halt)  # fmt: skip

    recorder = Recorder(engines.store, engines.directory)
    shares = Partitions(engines.directory, "worker", member_name(), settings.partitions, parts.clock)
    async with asyncio.TaskGroup() as group:
        group.create_task(shares.run(consume, stop), name="worker partitions")
        records = parts.consumer(queues.RECORDS, recorder.handle, prefetch=50, budget=TURN_BUDGET)
        group.create_task(records.run(stop), name="records")
        group.create_task(library.watch(stop), name="published dialogues")


async def run_sender(parts: Parts, gateway: Gateway, stop: asyncio.Event) -> None:
    """Outbound messages of the partitions that are ours, and receipts."""
    engines, settings = parts.engines, parts.settings
    if parts.tracing is not UNTRACED:
        gateway = TracedGateway(gateway, parts.tracing)
    pacer = Pacer(settings.send_rate)
    watch = DeliveryWatch(
        engines.store, engines.deliveries, engines.bus, load_watch_policy().deliveries, parts.metrics, parts.clock
    )
    approved = Approvals(engines.store.documents, parts.clock)
    wordings = Forms(approved, parts.clock).wordings
    shut_out = ShutOut(
        engines.deliveries, engines.caps, engines.bus, wordings, parts.metrics, parts.clock, settings.partitions
    )  # fmt: skip
    sender = Sender(
        gateway, engines.deliveries, engines.caps, engines.store, parts.delivery_records,
        pacer, Circuits(parts.metrics), parts.metrics, parts.clock,
        notices_per_day=parts.policy.behaviour.notices_per_day, watch=watch,
        approved=approved, restored=await last_restore(engines.store.documents),
        spending=Spending(engines.channel_budget, load_costs(), settings.channel_daily_cost, parts.metrics),
        aid=engines.aid, shut_out=shut_out,
    )  # fmt: skip

    async def consume(partition: int, halt: asyncio.Event) -> None:
        async with asyncio.TaskGroup() as both:
            usual = parts.consumer(
                queues.sends(partition), sender.handle, prefetch=settings.worker_slots, budget=SEND_BUDGET,
                lets_pass=sender.lets_pass,
            )  # fmt: skip
            urgent = parts.consumer(
                queues.urgent(partition), sender.handle, prefetch=settings.worker_slots, budget=SEND_BUDGET, longest_pause=3.0,
                lets_pass=sender.lets_pass,
            )  # fmt: skip
            both.create_task(usual.run(halt), name=f"sends {partition}")
            both.create_task(urgent.run(halt), name=f"urgent {partition}")

    def share(members: int) -> None:
        pacer.share = members

    receipts = Receipts(engines.deliveries, engines.directory, parts.metrics, shut_out)
    shares = Partitions(engines.directory, "sender", member_name(), settings.partitions, parts.clock, on_members=share)
    async with asyncio.TaskGroup() as group:
        group.create_task(shares.run(consume, stop), name="sender partitions")
        noted = parts.consumer(queues.GATEWAY, receipts.handle, prefetch=100, budget=TURN_BUDGET)
        group.create_task(noted.run(stop), name="receipts")
        group.create_task(watch.run(stop), name="delivery watch")


async def run_agent(parts: Parts, agent: Agent, stop: asyncio.Event) -> None:
    """One agent on its own queue, and its work that comes due."""
    engines = parts.engines
    settings = parts.settings
    way = [name(number) for name in (queues.turns, queues.sends) for number in range(settings.partitions)]
    ahead = AHEAD.get(agent.name)
    valve = Valve(engines.bus, way, settings.send_rate, ahead) if ahead else None
    runner = AgentRunner(
        agent, engines.bus, engines.store.documents, parts.metrics, parts.clock, settings.partitions, NAMES, valve
    )  # fmt: skip
    consumer = parts.consumer(
        queues.agent(agent.name), runner.handle, prefetch=settings.worker_slots, budget=AGENT_BUDGET, longest_pause=5.0
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(consumer.run(stop), name=f"agent {agent.name}")
        group.create_task(runner.run_due(stop), name=f"due work of {agent.name}")


async def run_scheduler(parts: Parts, stop: asyncio.Event) -> None:
    """Timers that come due, dialogues that nobody stands on any more, and files and data whose time is over."""
    engines = parts.engines
    settings = parts.settings
    channels = ChannelWatch(
        engines.directory, engines.bus, load_watch_policy().channels, parts.metrics, parts.clock,
        partitions=settings.partitions, own=settings.evolution_instance, operator=settings.operator_number,
    )  # fmt: skip
    scheduler = Scheduler(engines.timers, engines.bus, engines.store, parts.metrics, parts.clock, parts.settings.partitions)
    async with asyncio.TaskGroup() as group:
        group.create_task(scheduler.run(stop), name="timers")
        group.create_task(channels.run(stop), name="channels")
        group.create_task(keep_tidy(engines.store.bundles, engines.census, parts.clock, stop), name="old dialogues")
        group.create_task(keep_expiring(engines.media, parts.metrics, parts.clock, stop), name="old files")
        group.create_task(keep_dropping(engines.store, load_retention(), parts.clock, stop), name="old data")
