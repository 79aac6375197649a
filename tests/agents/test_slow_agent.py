"""A patient waits for an agent that does not answer: over a real bus, sessions and timers, on a clock that the test moves."""

from __future__ import annotations

import asyncio
from pathlib import Path

from agents.registry import NAMES
from bot import queues
from bot.app.engines import open_engines
from bot.dialogue.engine import Engine
from bot.metrics import Metrics
from bot.model.codec import decode_effect
from bot.model.effects import Intent, Outbound
from bot.model.ids import GatewayId, InputId
from bot.model.inbound import Inbound
from bot.ports.bus import Delivery, Envelope
from bot.ports.store import JournalEntry
from bot.running.scheduler import TICK, Scheduler
from bot.running.write_behind import WriteBehind
from bot.turns.outbox import Outbox
from bot.turns.worker import Worker
from config.settings import Settings
from tests.agents.town import NOON, Town, made
from tests.runtime.parts import delivery, taken

PHONE = "919800000001"
HEARS_WITHIN = 2.0
ON_THE_WAY = 0.25
"""Seconds that are left for the bus, two turns and the gateway; at half of our peak a whole turn took 139 ms at p99."""


async def test_who_waits_for_a_slow_agent_hears_something_within_two_seconds(tmp_path: Path) -> None:
    content, policy, reader = made()
    settings, now = Settings(data_dir=tmp_path, port=0, partitions=1), NOON
    async with open_engines(settings) as engines, asyncio.TaskGroup() as group:
        await engines.bus.declare(queues.topology(1, NAMES))
        metrics = Metrics()
        town = Town(engines.store, {})
        asha = town.settle_in(PHONE)
        await engines.store.append_journal([JournalEntry(asha, InputId("in:0"), 0, now - 60, "answer", town.sessions[asha])])

        async def refuse(entries: list[JournalEntry]) -> None:
            raise AssertionError(entries)

        journal = WriteBehind(engines.store.append_journal, refuse, metrics, delay=0.0)
        writer = group.create_task(journal.run())
        outbox = Outbox(engines.bus, engines.timers, 1, NAMES)
        engine = Engine(content, policy, reader.understand)
        worker = Worker(engine, engines.sessions, engines.store, outbox, journal, metrics, lambda: now)
        scheduler = Scheduler(engines.timers, engines.bus, engines.store, metrics, lambda: now, 1)

        wrote = Inbound(
            id=InputId("in:1"), person=asha, instance="main", integration="baileys", address=PHONE, message_id=GatewayId("m1"),
            kind="text", text="sugar 126 fasting", sent_at=now, received_at=now,
        )  # fmt: skip
        await worker.handle(delivery(wrote, asha, "in:1"))
        [asked] = await taken(engines.bus, queues.agent("clinical_monitor"), 1)
        assert isinstance(decode_effect(asked.body), Intent)
        assert (await engines.bus.depth(queues.sends(0))).ready == 0, "what they hear must wait for the agent a little"

        now = NOON + policy.behaviour.slow_after - 0.001  # the worst moment for a look: nothing is due yet
        assert await scheduler.tick() == 0
        now += TICK
        assert await scheduler.tick() == 1
        [fired] = await taken(engines.bus, queues.turns(0), 1)
        await worker.handle(Delivery(Envelope(fired.id, fired.key, fired.body, fired.at), "turns.0", 1, False))
        [said] = await taken(engines.bus, queues.sends(0), 1)
        message = decode_effect(said.body)
        assert isinstance(message, Outbound)
        assert message.text == content.texts["one_moment"].render("en", {})
        assert now - NOON <= HEARS_WITHIN - ON_THE_WAY
        writer.cancel()
