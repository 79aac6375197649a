"""The ladder under crashes: killed before and after every single effect, started again, with everything delivered again.

It always ends in one of the allowed ends, the same as without a crash; the same people are told, each once for each step.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.clinical_monitor.cases import KIND
from agents.clinical_monitor.ladder import ENDS
from bot.adapters.sqlite import SqliteStore
from bot.agent_runner import AgentRunner
from bot.metrics import Metrics
from bot.model.codec import decode_turn_event
from bot.model.effects import Intent
from bot.model.events import Told
from bot.ports.bus import Envelope
from bot.ports.documents import Document
from tests.agents.clinical_monitor.home import ASHA, FAMILY, MEHTA, NOON, POLICY, PRIYA, RAO, asked, known
from tests.runtime.parts import delivery

STEP, MINUTE = 30.0, 60.0
METRICS = Metrics()  # nobody looks at them here, and a new set for each start would cost more than the start


class Killed(BaseException):
    """The process is gone: no ``except Exception`` sees it."""


class Fate:
    """Kills at the effect of this number, before or after it is done; at none when it is 0."""

    def __init__(self, at: int = 0, *, after: bool = False) -> None:
        self.at, self.after, self.count = at, after, 0

    def before(self) -> None:
        self.count += 1
        if self.count == self.at and not self.after:
            raise Killed

    def done(self) -> None:
        if self.count == self.at and self.after:
            raise Killed


class DoomedDocuments:
    def __init__(self, documents: Any, fate: Fate) -> None:
        self._documents, self._fate = documents, fate

    def __getattr__(self, name: str) -> Any:
        return getattr(self._documents, name)

    async def save(self, document: Document) -> bool:
        self._fate.before()
        saved: bool = await self._documents.save(document)
        self._fate.done()
        return saved

    async def claim_due(self, kinds: Sequence[str], now: float, limit: int, lease: float) -> list[Document]:
        taken: list[Document] = await self._documents.claim_due(kinds, now, limit, lease)
        if taken:
            self._fate.before()
            self._fate.done()
        return taken


class DoomedStore:
    def __init__(self, store: SqliteStore, fate: Fate) -> None:
        self._store, self._fate, self.documents = store, fate, DoomedDocuments(store.documents, fate)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    async def add_reading(self, reading: Any) -> bool:
        self._fate.before()
        stored = await self._store.add_reading(reading)
        self._fate.done()
        return stored


class World:
    """A store that outlives crashes, what was heard (each input once, as the worker does it), and what is still to be done."""

    def __init__(self, store: SqliteStore, fate: Fate) -> None:
        self._doomed, self._fate, self._bare = DoomedStore(store, fate), fate, store
        self.now, self.told = NOON, dict[str, Told]()
        self.acts: list[str] = []

    async def publish(self, queue: str, envelope: Envelope) -> None:
        self._fate.before()
        event = decode_turn_event(envelope.body)
        if isinstance(event, Told):
            kept = self.told.setdefault(event.id, event)
            assert (kept.person, kept.name, kept.facts) == (event.person, event.name, event.facts), "one id, two words"
        self._fate.done()

    def runner(self) -> AgentRunner:
        store: Any = self._doomed
        agent = ClinicalMonitor(store, POLICY, FAMILY)
        documents: Any = self._doomed.documents
        bus: Any = self
        return AgentRunner(agent, bus, documents, METRICS, lambda: self.now, 2, ["clinical_monitor"])

    async def ask(self, intent: Intent) -> None:
        """Delivered again until it is done, as the bus does it."""
        while True:
            try:
                await self.runner().handle(delivery(intent, intent.person, intent.id))
            except Killed:
                continue
            return

    async def until(self, at: float) -> None:
        """Look for what is due every half minute. Where nothing is, no time is spent."""
        while self.now < at:
            soonest = min([one for one in await self._dues() if one is not None], default=at)
            while self.now < at and self.now < soonest:
                self.now += STEP
            for _ in range(4):  # what is due again at once
                runner = self.runner()
                agent: Any = runner._agent
                try:
                    await runner.tick(agent)
                except Killed:
                    break

    async def _dues(self) -> list[float | None]:
        return [one.due for kind in ClinicalMonitor.kinds for one in await self._bare.documents.listed(kind)]

    def alarms(self) -> list[tuple[str, str]]:
        """Who was told at which step, by the ids of what was heard."""
        return sorted((event.person, event.id) for event in self.told.values() if event.name.endswith("_alarm"))

    async def case(self) -> Document:
        [case] = await self._bare.documents.of(ASHA, KIND)
        return case


def at(minutes: float, name: str, id_: str, **data: Any) -> tuple[float, Intent]:
    return minutes, asked(name, id_, at=NOON + minutes * MINUTE, **data)


def answer(minutes: float, person: Any, id_: str, said: str) -> tuple[float, Intent]:
    return at(minutes, "answer_alarm", id_, person=person, case=f"{ASHA}:severe_hypoglycaemia:1", answer=said)


LOW = at(0, "record_glucose", "low", value=45.0)
LANE = at(0.1, "open_case", "lane", category="severe_hypoglycaemia", rules=["alarm:glucose_critical", "number"])
HELP = at(10, "raise_help", "help", category="severe_hypoglycaemia", reason="no_answer")
STORIES: dict[str, tuple[list[tuple[float, Intent]], str]] = {
    "nobody answers": ([LOW, LANE, HELP], "exhausted_told"),
    "her daughter comes": ([LANE, LOW, answer(4, PRIYA, "p", "taken")], "acknowledged"),
    "the second doctor takes it": (
        [LOW, HELP, answer(12, MEHTA, "m", "cannot"), answer(16, RAO, "r", "taken"), answer(17, PRIYA, "p", "taken")],
        "acknowledged",
    ),
    "she says that help came": ([LOW, HELP, at(18, "close_case", "close", how="help_came")], "closed_by_patient"),
    "her sugar is up again": ([LOW, at(16, "record_glucose", "up", value=110.0)], "closed_by_patient"),
    "it was a slip of the finger": ([LOW, at(2, "record_glucose", "right", value=145.0, supersedes="low")], "closed_by_patient"),
}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "store.db") as opened:
        yield opened


async def play(store: SqliteStore, story: list[tuple[float, Intent]], fate: Fate) -> World:
    await known(store)
    world = World(store, fate)
    for minutes, intent in story:
        await world.until(NOON + minutes * MINUTE)
        await world.ask(intent)
    await world.until(NOON + 90 * MINUTE)
    return world


@pytest.mark.parametrize("name", STORIES)
async def test_killed_at_any_effect_the_ladder_ends_the_same(name: str, tmp_path: Path) -> None:
    story, end = STORIES[name]
    async with SqliteStore.open(tmp_path / "calm.db") as calm:
        counted = Fate()
        expected = await play(calm, story, counted)
        assert (await expected.case()).state == end
        assert expected.alarms()
    for number in range(1, counted.count + 1):
        for after in (False, True):
            fate = Fate(number, after=after)
            async with SqliteStore.open(tmp_path / f"{number}{after}.db") as store:
                world = await play(store, story, fate)
                case = await world.case()
                assert case.state in ENDS
                assert (case.state, case.due) == (end, None), f"killed {'after' if after else 'before'} effect {number}"
                assert world.alarms() == expected.alarms(), f"killed {'after' if after else 'before'} effect {number}"
                steps = [(alarm["round"], alarm["rung"], alarm["contact"]["id"]) for alarm in case.data["alarms"]]
                assert len(set(steps)) == len(steps) == len(world.alarms())


@pytest.mark.parametrize("name", STORIES)
async def test_what_is_delivered_again_later_in_any_order_changes_nothing(name: str, store: SqliteStore) -> None:
    story, end = STORIES[name]
    world = await play(store, story, Fate())
    before, told = await world.case(), dict(world.told)
    again = [intent for _, intent in story]
    Random(name).shuffle(again)
    for intent in again:
        await world.ask(intent)
    await world.until(world.now + 60 * MINUTE)
    after = await world.case()
    assert (after.state, after.data["alarms"], after.data["said"]) == (end, before.data["alarms"], before.data["said"])
    assert world.told == told


async def test_two_who_open_the_same_emergency_at_once_open_one_case(store: SqliteStore) -> None:
    await known(store)
    world = World(store, Fate())
    same = [asked("open_case", f"lane{number}", category="chest_pain", rules=["alarm:chest_pain"]) for number in range(5)]
    await asyncio.gather(*[world.ask(intent) for intent in same])
    case = await world.case()
    assert [alarm["contact"]["id"] for alarm in case.data["alarms"]] == ["priya"]
    assert sorted(outcome for _, outcome in case.data["heard"]) == ["grouped"] * 4 + ["opened"]
