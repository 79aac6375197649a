"""The agent as a consumer of its queue, with the real media store and the process that draws: answers, repeats, nonsense."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from agents.health_insights.painter import PaintProcess
from agents.registry import NAMES, make_agents
from bot import queues
from bot.app.engines import open_engines
from bot.app.pictures import open_pictures
from bot.errors import Malformed
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.effects import Intent
from bot.model.events import AgentResult
from bot.model.ids import EffectId, person_of
from bot.ports.store import Reading
from bot.running.agent_runner import AgentRunner
from config.policy import load_policy
from config.settings import Settings
from tests.runtime.parts import delivery, taken

ASHA = person_of("phone:910000000001")
NOON = 1_764_050_400.0


def asked(name: str, id_: str, data: dict[str, Any]) -> Intent:
    return Intent(EffectId(id_), ASHA, "health_insights", name, NOON, data)


async def test_a_repeated_delivery_answers_the_same_with_one_file_and_bad_data_is_refused(tmp_path: Path) -> None:
    settings, policy = Settings(data_dir=tmp_path, port=0, partitions=1), load_policy()
    async with open_engines(settings) as engines, open_pictures(settings, policy, engines.media) as pictures:
        assert isinstance(pictures.painter, PaintProcess)
        pictures.painter._deadline = 90  # its process is only just starting
        await engines.bus.declare(queues.topology(1, NAMES))
        for ago, value in enumerate((110.0, 140.0, 190.0)):
            reading = Reading(EffectId(f"r{ago}"), ASHA, "glucose", value, NOON - ago * 86_400)
            await engines.store.add_reading(reading)
        agent = make_agents(engines.store, policy, pictures=pictures)["health_insights"]
        runner = AgentRunner(agent, engines.bus, engines.store.documents, Metrics(), lambda: NOON, 1, NAMES)

        async def heard(name: str, id_: str, **data: Any) -> AgentResult:
            await runner.handle(delivery(asked(name, id_, data), ASHA, id_))
            (answer,) = await taken(engines.bus, queues.turns_of(ASHA, 1), 1)
            event = decode_turn_event(answer.body)
            assert isinstance(event, AgentResult)
            return event

        first = await heard("summarize", "one", what="glucose", language="hi")
        again = await heard("summarize", "one", what="glucose", language="hi")
        assert (first.outcome, first.facts["average"], first.facts["in_target"]) == ("ready", 147, 2)
        assert (again.id, again.facts) == (first.id, first.facts)
        page = await heard("weekly_summary", "two")
        assert sorted(await engines.media.of(ASHA)) == sorted([first.facts["chart"], page.facts["page"]])
        chart, printed = [await engines.media.get(ref) or b"" for ref in (first.facts["chart"], page.facts["page"])]
        assert (chart[:4], printed[:5]) == (b"\x89PNG", b"%PDF-")
        for name, data in (("make_tea", {}), ("summarize", {"days": "many"})):
            with pytest.raises(Malformed):
                await runner.handle(delivery(asked(name, "bad", data), ASHA, "bad"))
            (failed,) = await taken(engines.bus, queues.turns_of(ASHA, 1), 1)
            event = decode_turn_event(failed.body)
            assert isinstance(event, AgentResult)
            assert event.outcome == "failed"


async def test_the_process_that_draws_is_started_with_the_role(tmp_path: Path) -> None:
    settings, policy = Settings(data_dir=tmp_path, port=0, partitions=1), load_policy()
    async with open_engines(settings) as engines, open_pictures(settings, policy, engines.media) as pictures:
        painter = pictures.painter
        assert isinstance(painter, PaintProcess)
        (warming,) = [task for task in asyncio.all_tasks() if task.get_name() == "first picture"]
        await warming
        process = painter._process
        assert process is not None
        assert process.returncode is None
    assert process.returncode is not None
