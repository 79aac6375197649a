"""An agent's answer, what it tells unasked, what it asks of others, and its work that comes due."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from agents.result import Ask, Result, Tell, Woken
from bot import queues
from bot.app.engines import Engines
from bot.errors import StoreUnavailable
from bot.metrics import Metrics
from bot.model.codec import decode_effect, decode_turn_event
from bot.model.effects import Intent
from bot.model.events import AgentResult, Told, TurnEvent
from bot.model.ids import EffectId, InputId
from bot.ports.bus import Envelope
from bot.ports.documents import Document
from bot.running.agent_runner import BATCH, LEASE, AgentRunner
from bot.running.valve import Valve
from tests.runtime.conftest import PARTITIONS
from tests.runtime.parts import ASHA, RAVI, delivery, taken

TELL = Tell("case:1:doctor", RAVI, "case_opened", {"number": 1}, expires_at=5000.0)
ASK = Ask("case:1:digest", ASHA, "clinical_monitor", "note_case", {"number": 1})


class Helper:
    """Tells one person and asks one agent, for every intent and for every document; saves the document as done."""

    name = "doctor_bridge"
    intents = ("open_case",)
    kinds = ("case",)

    def __init__(self, documents: Any = None) -> None:
        self.woken = 0
        self.trouble: Callable[[Document], None] = lambda document: None
        self.documents = documents

    async def handle(self, intent: Intent, *, now: float) -> Result:
        return Result("opened", {"number": 1}, (TELL,), (ASK,), untranslated="ta")

    async def wake(self, document: Document, *, now: float) -> Woken:
        self.woken += 1
        self.trouble(document)
        return Woken(replace(document, due=None, state="done"), (TELL,), (ASK,))


def runner(engines: Engines, agent: Helper, now: float = 1000.0) -> AgentRunner:
    agents = ("doctor_bridge", "clinical_monitor")
    return AgentRunner(agent, engines.bus, engines.store.documents, Metrics(), lambda: now, PARTITIONS, agents)


def intent(**more: Any) -> Intent:
    return Intent(EffectId("in:1#0"), ASHA, "doctor_bridge", "open_case", 1000.0, {}, **more)


async def told(engines: Engines) -> Told:
    [sent] = await taken(engines.bus, queues.turns_of(RAVI, PARTITIONS), 1)
    event = decode_turn_event(sent.body)
    assert isinstance(event, Told)
    return event


async def test_an_answer_goes_to_who_asked_the_news_to_whom_it_concerns_and_the_task_to_the_agent(engines: Engines) -> None:
    at_work = runner(engines, Helper())
    await at_work.handle(delivery(intent(), ASHA, "in:1#0"))
    assert b'procare_fallback_texts_total{language="ta"} 1.0' in at_work._metrics.render()
    turns: dict[str, TurnEvent] = {}
    for queue in {queues.turns_of(ASHA, PARTITIONS), queues.turns_of(RAVI, PARTITIONS)}:
        count = [queues.turns_of(person, PARTITIONS) for person in (ASHA, RAVI)].count(queue)
        turns |= {one.key: decode_turn_event(one.body) for one in await taken(engines.bus, queue, count)}
    result, event = turns[ASHA], turns[RAVI]
    assert isinstance(result, AgentResult)
    assert (result.id, result.outcome, result.facts) == ("in:1#0:result", "opened", {"number": 1})
    assert event == Told(
        InputId("doctor_bridge:case:1:doctor"), RAVI, "doctor_bridge", "case_opened", 1000.0, {"number": 1}, None, 5000.0
    )
    [asked] = await taken(engines.bus, queues.agent("clinical_monitor"), 1)
    task = decode_effect(asked.body)
    assert task == Intent(
        EffectId("doctor_bridge:case:1:digest"), ASHA, "clinical_monitor", "note_case", 1000.0, {"number": 1}, unanswered=True
    )


async def test_the_answer_goes_before_news_for_the_same_person(engines: Engines) -> None:
    class Newsy(Helper):
        async def handle(self, intent: Intent, *, now: float) -> Result:
            return Result("opened", {}, (replace(TELL, person=ASHA),))

    await runner(engines, Newsy()).handle(delivery(intent(), ASHA, "in:1#0"))
    sent = [decode_turn_event(one.body) for one in await taken(engines.bus, queues.turns_of(ASHA, PARTITIONS), 2)]
    assert [type(one) for one in sent] == [AgentResult, Told]


async def test_a_task_that_nobody_waits_for_gets_no_answer(engines: Engines) -> None:
    await runner(engines, Helper()).handle(delivery(intent(unanswered=True), ASHA, "in:1#0"))
    assert (await told(engines)).name == "case_opened"
    for queue in {queues.turns_of(ASHA, PARTITIONS), queues.turns_of(RAVI, PARTITIONS)}:
        await taken(engines.bus, queue, 0)


async def test_due_work_is_told_then_saved_and_not_done_again(engines: Engines) -> None:
    await engines.store.documents.save(Document("case", "1", ASHA, 1.0, due=900.0))
    await engines.store.documents.save(Document("case", "2", ASHA, 1.0, due=1100.0))
    agent = Helper()
    at_work = runner(engines, agent)
    assert await at_work.tick(agent) == 1
    assert await at_work.tick(agent) == 0
    assert (await told(engines)).id == "doctor_bridge:case:1:doctor"
    found = await engines.store.documents.get("case", "1")
    assert found is not None
    assert (found.state, found.due) == ("done", None)


async def test_one_that_fails_holds_up_nobody_and_comes_back_after_the_lease(engines: Engines) -> None:
    for name in ("1", "2"):
        await engines.store.documents.save(Document("case", name, ASHA, 1.0, due=900.0 + int(name)))
    agent = Helper()

    def break_down(document: Document) -> None:
        if document.id == "1":
            raise ZeroDivisionError

    agent.trouble = break_down
    assert await runner(engines, agent).tick(agent) == 2
    assert (await told(engines)).id == "doctor_bridge:case:1:doctor"
    states = [one.state for one in await engines.store.documents.listed("case")]
    assert states == ["", "done"]
    agent.trouble = lambda document: None
    assert await runner(engines, agent, 1000.0 + LEASE - 1).tick(agent) == 0
    assert await runner(engines, agent, 1000.0 + LEASE).tick(agent) == 1


async def test_while_an_engine_is_down_nothing_is_called_failed(engines: Engines) -> None:
    await engines.store.documents.save(Document("case", "1", ASHA, 1.0, due=900.0))
    agent = Helper()

    def away(document: Document) -> None:
        raise StoreUnavailable

    agent.trouble = away
    with pytest.raises(StoreUnavailable):
        await runner(engines, agent).tick(agent)
    agent.trouble = lambda document: None
    assert await runner(engines, agent, 1000.0 + LEASE).tick(agent) == 1


async def test_what_can_wait_is_begun_as_the_channel_has_room_and_nobody_is_asked_while_little_is_due(engines: Engines) -> None:
    for number in range(BATCH + 40):
        await engines.store.documents.save(Document("case", f"{number:03}", ASHA, 1.0, due=900.0 + number / 1000))
    agent, asked, rooms = Helper(), list[int](), [30, 0, 500]

    class Measured(Valve):
        async def room(self) -> int:
            asked.append(rooms.pop(0))
            return asked[-1]

    at_work = AgentRunner(
        agent, engines.bus, engines.store.documents, Metrics(), lambda: 1000.0, PARTITIONS, ("doctor_bridge", "clinical_monitor"),
        Measured(engines.bus, [], 1.0, 1.0),
    )  # fmt: skip
    assert [await at_work.tick(agent) for _ in range(4)] == [BATCH, 30, 0, 10]
    assert asked == [30, 0, 500]
    assert await at_work.tick(agent) == 0
    assert rooms == [], "the wave is over"


async def test_the_room_is_what_the_queues_leave_of_the_channels_seconds(engines: Engines) -> None:
    way = [queues.sends(0), queues.turns(0)]
    valve = Valve(engines.bus, way, rate=2.0, ahead=3.0)
    assert await valve.room() == 6
    for number in range(4):
        await engines.bus.publish(way[number % 2], Envelope(id=f"e{number}", key=ASHA, body=b"{}", at=1.0))
    assert await valve.room() == 2
    for number in range(4):
        await engines.bus.publish(way[0], Envelope(id=f"f{number}", key=ASHA, body=b"{}", at=1.0))
    assert await valve.room() == 0


async def test_it_stops_when_it_is_told_to(engines: Engines) -> None:
    stop = asyncio.Event()
    stop.set()
    async with asyncio.timeout(30):
        await runner(engines, Helper()).run_due(stop)
