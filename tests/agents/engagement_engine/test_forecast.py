"""What the forecast finds in the store, and how the command tells it."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from agents.engagement_engine.agent import EngagementEngine
from bot.app.desks import open_store
from bot.cli.forecast import coming, line
from bot.cli.main import commands
from bot.notices.wave import Batch, forecast
from config.engagement import load_engagement
from config.policy import load_policy
from config.settings import Settings
from tests.agents.engagement_engine.asking import HOUR, NINE, asked


async def set_three(folder: Path, at: float) -> list[Batch]:
    async with open_store(Settings(data_dir=folder, port=0)) as store:
        agent = EngagementEngine(store, load_policy(), load_engagement())
        for number, what in enumerate(("walk", "medicine", "medicine")):
            await agent.handle(asked(f"s{number}", "set_reminder", at, what=what, time="10:00", often="daily"), now=at)
        return await coming(store.documents, load_engagement(), at, at + 24 * HOUR)


async def test_what_comes_due_is_counted_by_kind_and_moment(tmp_path: Path) -> None:
    ten = NINE + HOUR
    assert sorted(await set_three(tmp_path, NINE)) == [
        Batch(ten, "medicine", 2, ten + 7200),
        Batch(ten + 3, "walk", 1, ten + 3 + 10_800),
    ]


def test_a_wave_is_one_line() -> None:
    eight = NINE - HOUR
    batches = [Batch(eight, "medicine", 100_000, eight + 7200), Batch(eight + 3, "walk", 100_000, eight + 600)]
    [wave] = forecast(batches, 240.0, eight - 60)
    assert line(wave, "Asia/Kolkata") == (
        "Tue 08:00  200000 due, done by Tue 08:10; medicines by Tue 08:07; "
        "56001 TOO LATE: raise the channel's rate, or ask people for other hours"
    )


def test_the_command_looks_into_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))
    asyncio.run(set_three(tmp_path, time.time()))
    found = CliRunner().invoke(commands, ["forecast", "--rate", "0.1"], catch_exceptions=False)
    assert found.exit_code == 0
    assert "3 reminders and digests in 24 hours" in found.output
    assert "through with each hour's in less than a minute" in found.output
    slow = CliRunner().invoke(commands, ["forecast", "--rate", "0.1", "--hours", "48"], catch_exceptions=False)
    assert slow.exit_code == 0
