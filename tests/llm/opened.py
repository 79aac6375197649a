"""The service's models, opened with a look-alike in place of OpenRouter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from pydantic import SecretStr

from bot.app.engines import Engines
from bot.app.llm import Advice, open_llm
from bot.metrics import Metrics
from config.settings import ROOT, Settings
from tests.llm.lookalike import OpenRouter

NOW = 1_795_500_000.0
VERSION = "2026-11-2"


def pointing_at(url: str, settings: Settings, folder: Path, *, patience: float = 12.0, **more: Any) -> Settings:
    """The shipped configuration, with OpenRouter at our look-alike. ``patience``: seconds that each task waits."""
    data = yaml.safe_load((ROOT / "config/llm.yaml").read_text(encoding="utf-8"))
    data["providers"]["openrouter"]["url"] = url
    for task in data["tasks"].values():
        task["seconds"] = patience
    file = folder / "llm.yaml"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    given = {"llm_tasks": "all", "llm_api_key": SecretStr("sk"), "llm_file": file, **more}
    return settings.model_copy(update=given)


@asynccontextmanager
async def opened(
    engines: Engines, settings: Settings, folder: Path, **more: Any
) -> AsyncIterator[tuple[OpenRouter, Advice, Metrics]]:
    router, metrics = OpenRouter(), Metrics()
    with patch("bot.app.llm.CONNECT_SECONDS", 12.0):
        async with (
            router.listening() as url,
            open_llm(pointing_at(url, settings, folder, **more), engines, metrics, lambda: NOW, VERSION) as advice,
        ):
            assert advice is not None
            yield router, advice, metrics
