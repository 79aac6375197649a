"""The learning library behind its queue: repeats leave one record and one answer, lessons go out once."""

from __future__ import annotations

from typing import Any

import pytest

from agents.learning_library.courses import KIND
from bot import queues
from bot.app.engines import Engines
from bot.errors import Malformed
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.effects import Intent
from bot.model.events import AgentResult, Told
from bot.model.ids import EffectId
from bot.running.agent_runner import AgentRunner
from tests.agents.library.asking import NINE, made
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import ASHA, delivery, taken

NAME = "learning_library"


def runner(engines: Engines, now: float = NINE) -> AgentRunner:
    agent = made(engines.store)
    return AgentRunner(agent, engines.bus, engines.store.documents, Metrics(), lambda: now, PARTITIONS, (NAME,))


def intent(name: str, id: str, **data: Any) -> Intent:
    return Intent(EffectId(id), ASHA, NAME, name, NINE, data)


async def turns(engines: Engines, count: int) -> list[Any]:
    return [decode_turn_event(one.body) for one in await taken(engines.bus, queues.turns_of(ASHA, PARTITIONS), count)]


async def test_an_enrolment_that_comes_three_times_leaves_one_course_and_one_answer(engines: Engines) -> None:
    at_work = runner(engines)
    for _ in range(3):
        await at_work.handle(delivery(intent("enrol", "in:1#0", course="starting_insulin"), ASHA, "in:1#0"))
    answers = [one for one in await turns(engines, 3) if isinstance(one, AgentResult)]
    assert {(one.id, one.outcome) for one in answers} == {("in:1#0:result", "enrolled")}
    [document] = await engines.store.documents.of(ASHA, KIND)
    assert (document.state, document.version) == ("active", 1)


async def test_a_lesson_goes_out_as_a_turn_of_its_person(engines: Engines) -> None:
    await runner(engines).handle(delivery(intent("enrol", "in:1#0", course="starting_insulin"), ASHA, "in:1#0"))
    later = NINE + 86_400
    tomorrow = runner(engines, later)
    assert await tomorrow.tick(made(engines.store)) == 1
    assert await tomorrow.tick(made(engines.store)) == 0
    [_, told] = await turns(engines, 2)
    assert isinstance(told, Told)
    assert (told.agent, told.name, told.facts["day"], told.expires_at) == (NAME, "lesson_due", 1, later + 21_600)


@pytest.mark.parametrize("name", ["fly", "enrol", "find"])
async def test_what_it_does_not_understand_is_answered_as_failed_and_set_aside(engines: Engines, name: str) -> None:
    with pytest.raises(Malformed):
        await runner(engines).handle(delivery(intent(name, "in:2#0"), ASHA, "in:2#0"))
    [answer] = await turns(engines, 1)
    assert answer.outcome == "failed"
