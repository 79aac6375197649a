"""The scheduler and the command line delete what is over."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.adapters.media import BlobMedia, FolderBlobs
from bot.cli.main import commands
from bot.errors import StoreUnavailable
from bot.metrics import Metrics
from bot.upkeep.expiry import keep_expiring
from tests.runtime.parts import ASHA


def put(folder: Path, now: float) -> str:
    media = BlobMedia(FolderBlobs(folder))
    return asyncio.run(media.put(b"A", mime="image/png", person=ASHA, now=now, keep_seconds=10))


def test_the_command_deletes_what_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCARE_DATA_DIR", str(tmp_path))
    put(tmp_path / "media", now=1000.0)
    assert CliRunner().invoke(commands, ["media", "tidy"]).output == "deleted: 1\n"
    assert CliRunner().invoke(commands, ["media", "tidy"]).output == "deleted: 0\n"


async def test_the_scheduler_deletes_and_outlives_a_store_that_is_away(tmp_path: Path) -> None:
    media, metrics, stop = BlobMedia(FolderBlobs(tmp_path)), Metrics(), asyncio.Event()
    ref = await media.put(b"A", mime="image/png", person=ASHA, now=1000.0, keep_seconds=10)

    class Away(BlobMedia):
        async def expired(self, now: float, limit: int = 1000) -> list[str]:
            stop.set()
            raise StoreUnavailable

    await keep_expiring(Away(FolderBlobs(tmp_path)), metrics, lambda: 2000.0, stop)
    assert await media.get(ref) == b"A"
    again = asyncio.Event()

    class Stopping(BlobMedia):
        async def expired(self, now: float, limit: int = 1000) -> list[str]:
            found = await super().expired(now, limit)
            if not found:
                again.set()
            return found

    await keep_expiring(Stopping(FolderBlobs(tmp_path)), metrics, lambda: 2000.0, again)
    assert await media.get(ref) is None
    assert 'procare_media_total{outcome="expired"} 1.0' in metrics.render().decode()
