"""What could not be handled is set aside; an operator lists, reads (redacted), replays or drops it while the service runs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.adapters.embedded.valkey import EmbeddedValkey
from bot.app.desks import open_bus
from bot.ports.bus import Envelope
from config.settings import Settings
from tests.e2e.at_hand import run_here
from tests.e2e.service import Service, serving

SECRET = "my chest hurts 919876543210"


@pytest.fixture
def service(folder: Path) -> Iterator[Service]:
    with serving(folder, {}) as running:
        yield running


async def put(service: Service, *names: str) -> None:
    """Things on a turn queue that are no turns."""
    async with EmbeddedValkey.open(service.folder / "data"), open_bus(Settings(data_dir=service.folder / "data", port=0)) as bus:
        for name in names:
            await bus.publish("turns.0", Envelope(id=name, key="p1", body=SECRET.encode(), at=time.time()))


def listed(service: Service) -> list[list[str]]:
    """The rows of ``parked list`` once both are parked."""
    deadline = time.monotonic() + 60
    while service.err.count('"action":"parked"') < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    done = run_here(service.folder, service.settings, "parked", "list")
    assert done.returncode == 0, done.stderr
    assert "chest" not in done.stdout
    assert done.stdout.splitlines()[-1] == "2 parked"
    return [line.split() for line in done.stdout.splitlines()[:-1]]


def test_list_show_replay_and_drop(service: Service) -> None:
    asyncio.run(put(service, "bad-1", "bad-2"))
    rows = listed(service)
    assert [row[4] for row in rows] == ["turns.0", "turns.0"]
    first, second = rows[0][0], rows[1][0]

    shown = run_here(service.folder, service.settings, "parked", "show", first)
    assert shown.returncode == 0
    assert "turns.0" in shown.stdout
    for words in ("chest", "919876543210", "bad-1"):
        assert words not in shown.stdout + shown.stderr

    assert "dropped" in run_here(service.folder, service.settings, "parked", "drop", second, stdin="y\n").stdout
    assert "replayed" in run_here(service.folder, service.settings, "parked", "replay", first).stdout
    missing = run_here(service.folder, service.settings, "parked", "replay", second)
    assert missing.returncode == 1
    assert "nothing is parked under" in missing.stderr
    assert "Traceback" not in missing.stderr
    log = run_here(service.folder, service.settings, "audit", "list").stdout
    assert [
        word
        for word in ("is about to drop", "dropped a", "is about to put back", "put back a", "found no such")
        if word not in log
    ] == []
    assert "chest" not in service.err + log
    assert service.running


def test_a_bus_that_does_not_answer_is_one_line(folder: Path) -> None:
    done = run_here(folder, {"rabbitmq_url": "amqp://guest:guest@127.0.0.1:1/", "publish_seconds": 1}, "parked", "list")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("procare: ")
