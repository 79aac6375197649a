"""The lifestyle coach behind its queue: an intent that comes again leaves one record and the same answer."""

from __future__ import annotations

from typing import Any

import pytest

from agents.registry import make_agents
from bot import queues
from bot.app.engines import Engines
from bot.errors import Malformed
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.effects import Intent
from bot.model.events import AgentResult
from bot.model.ids import EffectId
from bot.running.agent_runner import AgentRunner
from config.policy import load_policy
from tests.agents.town import ROOT
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import ASHA, delivery, taken


def runner(engines: Engines) -> AgentRunner:
    coach = make_agents(engines.store, load_policy(), ROOT / "dialogs")["lifestyle_coach"]
    return AgentRunner(coach, engines.bus, engines.store.documents, Metrics(), lambda: 1000.0, PARTITIONS, ("lifestyle_coach",))


def intent(name: str, id: str, **data: Any) -> Intent:
    return Intent(EffectId(id), ASHA, "lifestyle_coach", name, 1000.0, data)


async def results(engines: Engines, count: int) -> list[AgentResult]:
    found = [decode_turn_event(one.body) for one in await taken(engines.bus, queues.turns_of(ASHA, PARTITIONS), count)]
    return [one for one in found if isinstance(one, AgentResult)]


async def test_an_intent_that_comes_three_times_leaves_one_meal_and_one_answer(engines: Engines) -> None:
    at_work = runner(engines)
    for _ in range(3):
        await at_work.handle(delivery(intent("record_meal", "in:1#0", text="2 roti, dal"), ASHA, "in:1#0"))
    answers = await results(engines, 3)
    assert {(one.id, one.outcome, str(one.facts)) for one in answers} == {("in:1#0:result", "recorded", str(answers[0].facts))}
    assert [one.id for one in await engines.store.records(ASHA, "meal")] == ["in:1#0"]


@pytest.mark.parametrize("name", ["fly", "record_activity"])
async def test_what_it_does_not_understand_is_answered_as_failed_and_set_aside(engines: Engines, name: str) -> None:
    with pytest.raises(Malformed):
        await runner(engines).handle(delivery(intent(name, "in:2#0"), ASHA, "in:2#0"))
    [answer] = await results(engines, 1)
    assert answer.outcome == "failed"
