"""What the clinical monitor keeps of a reading, and of its correction."""

from __future__ import annotations

from pathlib import Path

import pytest

from agents.clinical_monitor.agent import ClinicalMonitor
from bot.adapters.sqlite.store import SqliteStore
from bot.model.effects import Intent
from bot.model.ids import EffectId, person_of
from config.policy import load_policy

ASHA = person_of("phone:910000000001")


def asked(name: str, value: float, **more: object) -> Intent:
    return Intent(EffectId(name), ASHA, "clinical_monitor", "record_glucose", 10.0, {"value": value, **more})


@pytest.mark.anyio
async def test_a_corrected_reading_takes_the_place_of_the_wrong_one(tmp_path: Path) -> None:
    async with SqliteStore.open(tmp_path / "store.db") as store:
        monitor = ClinicalMonitor(store, load_policy().clinical)
        await monitor.handle(asked("a", 124), now=10.0)
        result = await monitor.handle(asked("b", 342, supersedes="a"), now=11.0)
        assert result.outcome == "very_high"
        assert [(one.id, one.value, one.supersedes) for one in await store.readings(ASHA, "glucose")] == [("b", 342.0, "a")]
        await monitor.handle(asked("c", 100, supersedes=5), now=12.0)
        assert len(await store.readings(ASHA, "glucose")) == 2
