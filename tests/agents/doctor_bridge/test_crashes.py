"""A case under crashes: killed before and after every single effect, started again, with everything delivered again.

It always ends in an allowed end, the same as without a crash; the same people hear the same things, each once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agents.doctor_bridge.agent import DoctorBridge
from agents.doctor_bridge.case import ENDS
from agents.doctor_bridge.files import KIND
from bot.adapters.sqlite import SqliteStore
from bot.model.effects import Intent
from tests.agents.crashing import MINUTE, Fate, Story, World, fates
from tests.agents.doctor_bridge.clinic import ASHA, MEHTA, POLICY, RAO, asked, known
from tests.agents.town import NOON

CASE = f"{ASHA}:1"


class Bridged(World):
    patient, kind, effects = ASHA, KIND, ("record",)

    def agent(self, store: Any) -> DoctorBridge:
        return DoctorBridge(store, POLICY)

    def heard(self) -> list[tuple[str, str, str]]:
        """Who heard what, by the ids of what was heard."""
        return sorted((event.person, event.name, event.id) for event in self.told.values())


def at(minutes: float, name: str, id_: str, **data: Any) -> tuple[float, Intent]:
    return minutes, asked(name, id_, at=NOON + minutes * MINUTE, **data)


ASK = at(0, "contact_today", "ask", reason="high_sugar", value=310.0)
SAYS = at(5, "doctor_says", "says", person=MEHTA, words="Drink water.", kind="text", message="w1")
STORIES: dict[str, tuple[Story, str]] = {
    "nobody answers, on two days": ([ASK], "unanswered"),
    "the doctor writes and closes": (
        [ASK, SAYS, at(8, "patient_says", "p", text="I do", kind="text"),
         at(9, "doctor_says", "done", person=MEHTA, words="#done", kind="text")],
        "closed",
    ),
    "it is passed on, and the second doctor takes it": (
        [ASK, at(3, "answer_case", "pass", person=MEHTA, case=CASE, answer="pass"),
         at(6, "answer_case", "take", person=RAO, case=CASE, answer="take"),
         at(7, "doctor_says", "says", person=RAO, words="Drink water.", kind="text", message="w1")],
        "closed",
    ),
    "an answer, then two quiet days": ([ASK, SAYS], "closed"),
    "an emergency that a doctor took": (
        [at(0, "escalate", "esc", case="c1", member="mehta", category="chest_pain"), SAYS], "closed",
    ),
}  # fmt: skip


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore.open(tmp_path / "store.db") as opened:
        yield opened


async def play(store: SqliteStore, story: Story, fate: Fate) -> Bridged:
    await known(store)
    world = Bridged(store, fate, NOON)
    await world.live(story, 3 * 1440)
    return world


@pytest.mark.parametrize("name", STORIES)
async def test_killed_at_any_effect_the_case_ends_the_same(name: str, tmp_path: Path) -> None:
    story, end = STORIES[name]
    async with SqliteStore.open(tmp_path / "calm.db") as calm:
        counted = Fate()
        expected = await play(calm, story, counted)
        assert (await expected.case()).state == end
        said = {name for _, name, _ in expected.heard()}
        assert said >= {"case_opened", "no_answer" if end == "unanswered" else "case_closed"}
    for where, fate in fates(counted.count):
        async with SqliteStore.open(tmp_path / f"{where}.db") as store:
            world = await play(store, story, fate)
            case = await world.case()
            assert case.state in ENDS, where
            assert (case.state, case.due) == (end, None), where
            assert world.heard() == expected.heard(), where
            told = [(one["round"], one["contact"]["id"]) for one in case.data["told"]]
            assert len(set(told)) == len(told), where


@pytest.mark.parametrize("name", STORIES)
async def test_what_is_delivered_again_later_in_any_order_changes_nothing(name: str, store: SqliteStore) -> None:
    story, _ = STORIES[name]
    world = await play(store, story, Fate())
    before, told = await world.case(), dict(world.told)
    await world.again([intent for _, intent in story], name)
    after = await world.case()
    assert (after.state, after.data["told"], after.data["said"]) == (before.state, before.data["told"], before.data["said"])
    assert world.told == told
