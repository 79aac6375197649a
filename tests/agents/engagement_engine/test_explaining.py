"""Why did I get this? From what is recorded; what is not recorded is not guessed."""

from __future__ import annotations

from typing import Any

import pytest

from agents.engagement_engine.agent import EngagementEngine
from bot.adapters.sqlite.store import SqliteStore
from bot.cli.notices import line
from bot.model.effects import Record
from bot.model.ids import EffectId
from tests.agents.engagement_engine.asking import ASHA, DAY, HOUR, NINE, ask


def told(name: str, at: float, **data: Any) -> Record:
    return Record(EffectId(name), ASHA, "notice", at, {"verdict": "send", "reason": "in_time", "topic": "medicine.1", **data})


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("reminder", "reminder"), ("clinical", "reading"), ("care_team", "care_team"), ("coaching", "unknown")],
)
async def test_the_last_notice_tells_where_it_came_from(
    agent: EngagementEngine, store: SqliteStore, kind: str, outcome: str
) -> None:
    await store.record([
        told("a", NINE - 2 * HOUR, **{"class": "reminder"}), told("b", NINE - HOUR, **{"class": kind}),
        told("c", NINE - 60, **{"class": "clinical", "verdict": "drop"}),  # was never said
    ])  # fmt: skip
    assert (await ask(agent, "1", "explain_last_message")).outcome == outcome


async def test_an_alarm_after_it_is_what_is_asked_about(agent: EngagementEngine, store: SqliteStore) -> None:
    alarm = Record(EffectId("e"), ASHA, "emergency", NINE - 60, {"category": "stroke"})
    await store.record([told("a", NINE - HOUR, **{"class": "reminder"}), alarm])
    assert (await ask(agent, "1", "explain_last_message")).outcome == "danger_words"


async def test_a_laboratory_s_result_that_could_not_wait_came_from_a_value(agent: EngagementEngine, store: SqliteStore) -> None:
    alarm = Record(EffectId("k"), ASHA, "critical_result", NINE - 60, {"detail": "K 6.8 mmol/L"})
    await store.record([told("a", NINE - HOUR, **{"class": "reminder"}), alarm])
    assert (await ask(agent, "1", "explain_last_message")).outcome == "reading"


async def test_what_is_long_ago_or_not_recorded_is_not_guessed(agent: EngagementEngine, store: SqliteStore) -> None:
    assert (await ask(agent, "1", "explain_last_message")).outcome == "unknown"
    await store.record([told("a", NINE - 2 * DAY, **{"class": "reminder"})])
    assert (await ask(agent, "2", "explain_last_message")).outcome == "unknown"


def test_a_line_of_the_ledger_says_when_what_and_why() -> None:
    shown = line(told("a", NINE, **{"class": "reminder"}))
    assert shown.split() == ["2025-11-25", "03:30", "send", "in_time", "reminder", "medicine.1"]
