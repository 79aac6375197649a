from __future__ import annotations

import asyncio
import time
from pathlib import Path

from bot.app.desks import open_store
from config.settings import Settings
from tests.e2e.at_hand import run_here
from tests.store.made import delivery


def test_a_dry_run_tells_and_changes_nothing_and_the_command_deletes(folder: Path) -> None:
    settings = Settings(data_dir=folder / "data")

    async def fill() -> None:
        async with open_store(settings) as store:
            now = time.time()
            await store.save_deliveries([delivery("old", "sent", now - 500 * 86_400), delivery("young", "sent", now)])

    async def held() -> list[bool]:
        async with open_store(settings) as store:
            return [await store.delivery(delivery(name, "sent", 0.0).id) is not None for name in ("old", "young")]

    asyncio.run(fill())
    dry = run_here(folder, {"data_dir": settings.data_dir}, "retention", "--dry-run")
    assert dry.returncode == 0, dry.stderr
    assert "deliveries     older than 400 days: 1" in dry.stdout
    assert "would be deleted" in dry.stdout
    assert asyncio.run(held()) == [True, True]
    done = run_here(folder, {"data_dir": settings.data_dir}, "retention")
    assert "deliveries     older than 400 days: 1" in done.stdout
    assert asyncio.run(held()) == [False, True]
