"""What operators are shown of queues, turns and emergencies is what is there."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from bot.app.engines import Engines
from bot.app.watch import QueueWatch, sample_backup, sample_cases, sample_disk
from bot.metrics import Metrics
from bot.model.effects import Record
from bot.model.ids import EffectId
from bot.ports.bus import Delivery, Envelope, QueueSpec
from bot.ports.documents import Document
from bot.running.consumer import Consumer
from bot.turns.turn_figures import TurnFigures
from tests.runtime.parts import ASHA

QUEUE = "turns.0"


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


async def test_a_queue_shows_how_long_nobody_has_consumed_it_and_then_how_old_what_is_in_hand_is(engines: Engines) -> None:
    metrics, stop, clock = Metrics(), asyncio.Event(), [1000.0]
    watch = QueueWatch(engines.bus, [QueueSpec(QUEUE, ordered=True)], metrics, lambda: clock[0])
    await watch.sample()
    assert value(metrics, "procare_queue_unattended_seconds", queue=QUEUE) == 0.0
    await engines.bus.publish(QUEUE, Envelope(id="a1", key=ASHA, body=b"{}", at=time.time() - 500))
    await watch.sample()
    clock[0] = 1090.0
    await watch.sample()
    assert value(metrics, "procare_queue_unattended_seconds", queue=QUEUE) == 90.0
    assert value(metrics, "procare_queue_depth", queue=QUEUE) == 1.0
    held, go = asyncio.Event(), asyncio.Event()

    async def handler(delivery: Delivery) -> None:
        held.set()
        await go.wait()

    consumer = Consumer(engines.bus, QUEUE, handler, metrics, prefetch=5, budget=30.0)
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(consumer.run(stop))
        await held.wait()
        await watch.sample()
        assert value(metrics, "procare_queue_unattended_seconds", queue=QUEUE) == 0.0
        assert value(metrics, "procare_queue_consumers", queue=QUEUE) == 1.0
        age = value(metrics, "procare_queue_age_seconds", queue=QUEUE)
        assert age is not None
        assert 500 <= age < 900
        go.set()
        stop.set()
    assert value(metrics, "procare_queue_age_seconds", queue=QUEUE) is None  # the partition is somebody else's now
    assert value(metrics, "procare_handled_seconds_count", queue="turns", outcome="acked") == 1.0


async def test_operators_see_when_the_newest_backup_was_made(engines: Engines) -> None:
    metrics = Metrics()
    await sample_backup(engines.directory, metrics)
    assert value(metrics, "procare_backup_time") == 0.0, "none is known"
    await engines.directory.backed_up(1_790_000_000.5)
    await sample_backup(engines.directory, metrics)
    assert value(metrics, "procare_backup_time") == 1_790_000_000.5


async def test_emergencies_that_nobody_takes_are_counted_with_the_oldest_and_the_late(engines: Engines) -> None:
    metrics = Metrics()
    for number, (state, at, due) in enumerate(
        [("climbing", 100.0, 900.0), ("climbing", 700.0, 1100.0), ("acknowledged", 1.0, None), ("exhausted_told", 900.0, None)]
    ):
        await engines.store.documents.save(Document("emergency_case", f"c{number}", ASHA, at, due=due, state=state))
    await sample_cases(engines.store.documents, metrics, lambda: 1000.0)
    names = ("procare_cases_climbing", "procare_cases_oldest_seconds", "procare_cases_overdue", "procare_cases_unreached")
    assert [value(metrics, name) for name in names] == [2.0, 900.0, 1.0, 1.0]


def test_a_turn_tells_where_people_leave_and_what_was_held_back() -> None:
    metrics = Metrics()
    trace: list[dict[str, object]] = [
        {"action": "flow_started", "flow": "reading"},
        {"action": "step", "flow": "reading", "step": "ask"},
        {"action": "left", "flow": "reading", "step": "ask"},
        {"action": "notice", "topic": "walk", "verdict": "drop", "reason": "day_full"},
        {"action": "untranslated", "language": "ta", "count": 2},
    ]
    TurnFigures(metrics).count(trace, [Record(EffectId("r"), ASHA, "emergency", 1.0, {"category": "chest_pain"})])
    assert value(metrics, "procare_flows_total", flow="reading", event="started") == 1.0
    assert value(metrics, "procare_flows_total", flow="reading", event="left") == 1.0
    assert value(metrics, "procare_notices_total", verdict="drop", reason="day_full") == 1.0
    assert value(metrics, "procare_fallback_texts_total", language="ta") == 2.0
    assert value(metrics, "procare_emergencies_total", category="chest_pain") == 1.0


async def test_the_share_of_the_disk_that_is_free_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the folder is not there yet: roles that keep nothing do not make it."""
    metrics = Metrics()
    await sample_disk(tmp_path / "not" / "there", metrics)
    assert 0.0 < (value(metrics, "procare_disk_free_share") or 0.0) <= 1.0

    def fails(path: Path) -> None:
        raise PermissionError(path)

    monkeypatch.setattr("shutil.disk_usage", fails)
    await sample_disk(tmp_path, metrics)  # and does not end the role
