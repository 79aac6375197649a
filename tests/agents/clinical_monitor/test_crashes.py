"""The ladder under crashes: killed before and after every single effect, started again, with everything delivered again.

It always ends in one of the allowed ends, the same as without a crash; the same people are told, each once for each step.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agents.clinical_monitor.agent import ClinicalMonitor
from agents.clinical_monitor.case import ENDS
from agents.clinical_monitor.cases import KIND
from bot.adapters.sqlite import SqliteStore
from bot.model.effects import Intent
from tests.agents.clinical_monitor.home import ASHA, FAMILY, MEHTA, NOON, POLICY, PRIYA, RAO, asked, known
from tests.agents.crashing import MINUTE, Fate, Story, World, fates


class Monitored(World):
    patient, kind, effects = ASHA, KIND, ("add_reading",)

    def agent(self, store: Any) -> ClinicalMonitor:
        return ClinicalMonitor(store, POLICY, FAMILY)

    def alarms(self) -> list[tuple[str, str]]:
        """Who was told at which step, by the ids of what was heard."""
        return sorted((event.person, event.id) for event in self.told.values() if event.name.endswith("_alarm"))


def at(minutes: float, name: str, id_: str, **data: Any) -> tuple[float, Intent]:
    return minutes, asked(name, id_, at=NOON + minutes * MINUTE, **data)


def answer(minutes: float, person: Any, id_: str, said: str) -> tuple[float, Intent]:
    return at(minutes, "answer_alarm", id_, person=person, case=f"{ASHA}:severe_hypoglycaemia:1", answer=said)


LOW = at(0, "record_glucose", "low", value=45.0)
LANE = at(0.1, "open_case", "lane", category="severe_hypoglycaemia", rules=["alarm:glucose_critical", "number"])
RESULT = at(0, "critical_result", "lab", booking="t1", version=0, detail="K 6.8 mmol/L", day="2025-11-24")
HELP = at(10, "raise_help", "help", category="severe_hypoglycaemia", reason="no_answer")
STORIES: dict[str, tuple[Story, str]] = {
    "nobody answers": ([LOW, LANE, HELP], "exhausted_told"),
    "her daughter comes": ([LANE, LOW, answer(4, PRIYA, "p", "taken")], "acknowledged"),
    "the second doctor takes it": (
        [LOW, HELP, answer(12, MEHTA, "m", "cannot"), answer(16, RAO, "r", "taken"), answer(17, PRIYA, "p", "taken")],
        "acknowledged",
    ),
    "she says that help came": ([LOW, HELP, at(18, "close_case", "close", how="help_came")], "closed_by_patient"),
    "her sugar is up again": ([LOW, at(16, "record_glucose", "up", value=110.0)], "closed_by_patient"),
    "a doctor takes a laboratory's result": (
        [RESULT, at(16, "answer_alarm", "r", person=RAO, case=f"{ASHA}:lab_result:1", answer="taken")],
        "acknowledged",
    ),
    "a laboratory corrects its result": (
        [RESULT, at(20, "critical_result", "lab1", booking="t1", version=1, detail="")],
        "closed_by_patient",
    ),
    "it was a slip of the finger": ([LOW, at(2, "record_glucose", "right", value=145.0, supersedes="low")], "closed_by_patient"),
}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "store.db") as opened:
        yield opened


async def play(store: SqliteStore, story: Story, fate: Fate) -> Monitored:
    await known(store)
    world = Monitored(store, fate, NOON)
    await world.live(story, 90)
    return world


@pytest.mark.parametrize("name", STORIES)
async def test_killed_at_any_effect_the_ladder_ends_the_same(name: str, tmp_path: Path) -> None:
    story, end = STORIES[name]
    async with SqliteStore.open(tmp_path / "calm.db") as calm:
        counted = Fate()
        expected = await play(calm, story, counted)
        assert (await expected.case()).state == end
        assert expected.alarms()
    for where, fate in fates(counted.count):
        async with SqliteStore.open(tmp_path / f"{where}.db") as store:
            world = await play(store, story, fate)
            case = await world.case()
            assert case.state in ENDS
            assert (case.state, case.due) == (end, None), where
            assert world.alarms() == expected.alarms(), where
            steps = [(alarm["round"], alarm["rung"], alarm["contact"]["id"]) for alarm in case.data["alarms"]]
            assert len(set(steps)) == len(steps) == len(world.alarms())


@pytest.mark.parametrize("name", STORIES)
async def test_what_is_delivered_again_later_in_any_order_changes_nothing(name: str, store: SqliteStore) -> None:
    story, end = STORIES[name]
    world = await play(store, story, Fate())
    before, told = await world.case(), dict(world.told)
    await world.again([intent for _, intent in story], name)
    after = await world.case()
    assert (after.state, after.data["alarms"], after.data["said"]) == (end, before.data["alarms"], before.data["said"])
    assert world.told == told


async def test_two_who_open_the_same_emergency_at_once_open_one_case(store: SqliteStore) -> None:
    await known(store)
    world = Monitored(store, Fate(), NOON)
    same = [asked("open_case", f"lane{number}", category="chest_pain", rules=["alarm:chest_pain"]) for number in range(5)]
    await asyncio.gather(*[world.ask(intent) for intent in same])
    case = await world.case()
    assert [alarm["contact"]["id"] for alarm in case.data["alarms"]] == ["priya"]
    assert sorted(outcome for _, outcome in case.data["heard"]) == ["grouped"] * 4 + ["opened"]
