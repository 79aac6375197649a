"""The engine as a consumer of its queue: answers, what comes due, repeats, and what nobody can understand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agents.engagement_engine.agent import EngagementEngine
from agents.engagement_engine.schedule import BEHIND
from agents.registry import NAMES
from bot import queues
from bot.app.engines import open_engines
from bot.errors import Malformed
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.events import AgentResult, Told
from bot.running.agent_runner import AgentRunner
from config.engagement import load_engagement
from config.policy import load_policy
from config.settings import Settings
from tests.agents.engagement_engine.asking import ASHA, HOUR, NINE, asked
from tests.runtime.parts import delivery, taken


async def test_a_reminder_is_answered_told_and_repeated_alike(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=0, partitions=1)
    async with open_engines(settings) as engines:
        await engines.bus.declare(queues.topology(1, NAMES))
        agent = EngagementEngine(engines.store, load_policy(), load_engagement())
        clock = [NINE]
        runner = AgentRunner(agent, engines.bus, engines.store.documents, Metrics(), lambda: clock[0], 1, NAMES)
        turns = queues.turns_of(ASHA, 1)

        async def answer(name: str, id_: str, **data: Any) -> tuple[str, str]:
            await runner.handle(delivery(asked(id_, name, NINE, **data), ASHA, id_))
            [found] = await taken(engines.bus, turns, 1)
            event = decode_turn_event(found.body)
            assert isinstance(event, AgentResult)
            return event.id, event.outcome

        first = await answer("set_reminder", "s", what="walk", time="10:00", often="daily")
        assert first == ("s:result", "set")
        assert await answer("set_reminder", "s", what="walk", time="10:00", often="daily") == first
        clock[0] = NINE + HOUR + BEHIND["walk"]
        assert await runner.tick(agent) == 1
        [due] = await taken(engines.bus, turns, 1)
        event = decode_turn_event(due.body)
        assert isinstance(event, Told)
        assert (event.agent, event.name, event.expires_at) == ("engagement_engine", "reminder_due", NINE + HOUR + 10_800)
        assert await runner.tick(agent) == 0
        bad: list[tuple[str, dict[str, Any]]] = [("make_tea", {}), ("set_reminder", {"what": "much"})]
        for name, data in bad:
            with pytest.raises(Malformed):
                await runner.handle(delivery(asked("bad", name, NINE, **data), ASHA, "bad"))
            [failed] = await taken(engines.bus, turns, 1)
            refused = decode_turn_event(failed.body)
            assert isinstance(refused, AgentResult)
            assert refused.outcome == "failed"
