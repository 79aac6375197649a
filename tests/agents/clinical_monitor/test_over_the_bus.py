"""The monitor as a consumer of its queue: answers, what it tells, repeats, and what nobody can understand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.registry import NAMES
from bot import queues
from bot.app.engines import open_engines
from bot.errors import Malformed
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.events import AgentResult, Told
from bot.running.agent_runner import AgentRunner
from config.settings import Settings
from tests.agents.clinical_monitor.home import ASHA, FAMILY, NOON, POLICY, asked, known
from tests.runtime.parts import delivery, taken


async def test_a_repeated_delivery_answers_and_tells_the_same_and_bad_data_is_refused(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=0, partitions=1)
    async with open_engines(settings) as engines:
        await engines.bus.declare(queues.topology(1, NAMES))
        await known(engines.store)
        monitor = ClinicalMonitor(engines.store, POLICY, FAMILY)
        runner = AgentRunner(monitor, engines.bus, engines.store.documents, Metrics(), lambda: NOON, 1, NAMES)

        async def heard(name: str, id_: str, count: int, **data: Any) -> list[tuple[str, str]]:
            await runner.handle(delivery(asked(name, id_, **data), ASHA, id_))
            events = [decode_turn_event(one.body) for one in await taken(engines.bus, queues.turns_of(ASHA, 1), count)]
            return [
                (event.id, event.outcome if isinstance(event, AgentResult) else event.name)
                for event in events
                if isinstance(event, AgentResult | Told)
            ]

        first = await heard("record_glucose", "low", 3, value=45)
        assert {name for _, name in first} == {"caregiver_alarm", "emergency_status", "critical_low"}
        assert await heard("record_glucose", "low", 3, value=45) == first
        bad: list[tuple[str, dict[str, Any]]] = [("make_tea", {}), ("record_glucose", {"value": "much"})]
        for name, data in bad:
            with pytest.raises(Malformed):
                await runner.handle(delivery(asked(name, "bad", **data), ASHA, "bad"))
            [failed] = await taken(engines.bus, queues.turns_of(ASHA, 1), 1)
            event = decode_turn_event(failed.body)
            assert isinstance(event, AgentResult)
            assert event.outcome == "failed"
