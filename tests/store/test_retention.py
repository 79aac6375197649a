"""What was kept for long enough goes, by class; the newest of a conversation, what is younger and what has no time stay."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.errors import ConfigError, StoreUnavailable
from bot.ports.store import Store
from bot.upkeep.retention import DAY, count_old, drop_old, keep_dropping
from config.retention import load_retention
from tests.store.made import ASHA, RAVI, delivery, entry, record

RULES = load_retention()
NOW = 2_000_000_000.0
OLD, YOUNG = NOW - 401 * DAY, NOW - 399 * DAY


async def fill(store: Store) -> None:
    await store.append_journal([entry(1, at=OLD), entry(2, at=OLD + 1), entry(3, at=YOUNG), entry(4, at=YOUNG)])
    await store.append_journal([entry(1, RAVI, at=OLD), entry(2, RAVI, at=OLD)])  # silent since
    await store.save_deliveries([delivery("d1", "sent", OLD), delivery("d2", "sent", YOUNG)])
    kinds = ("llm_use", "notice", "consent", "emergency", "meal")
    await store.record([record(f"{kind}{at}", ASHA, kind, at) for kind in kinds for at in (OLD, YOUNG)])


async def test_what_is_old_goes_and_a_dry_run_tells_how_much(store: Store) -> None:
    await fill(store)
    stays = ("consents", "emergencies", "care", "readings", "documents")
    expected = {"journal": 3, "deliveries": 1, "model_uses": 1, "notices": 1, **dict.fromkeys(stays, 0)}
    before = (len(await store.remains(ASHA)), len(await store.remains(RAVI)))
    assert await count_old(store, RULES, NOW) == expected
    assert (len(await store.remains(ASHA)), len(await store.remains(RAVI))) == before
    assert await drop_old(store, RULES, NOW) == expected
    assert await drop_old(store, RULES, NOW) == dict.fromkeys(expected, 0)
    found = [(one.place, one.kind, one.at) for one in await store.remains(ASHA)]
    assert sorted(at or 0.0 for place, _, at in found if place == "journal") == [YOUNG, YOUNG]
    assert [at for place, _, at in found if place == "deliveries"] == [YOUNG]
    for kind in ("llm_use", "notice"):
        assert [at for _, one, at in found if one == kind] == [YOUNG]
    for kind in ("consent", "emergency", "meal"):
        assert sorted(at or 0.0 for _, one, at in found if one == kind) == [OLD, YOUNG]
    snapshot = await store.latest(RAVI)
    assert snapshot is not None
    assert snapshot.session.version == 2  # who is silent for long finds the conversation again


async def test_it_goes_in_steps(store: Store) -> None:
    await fill(store)
    assert [await store.drop_old("journal", (), NOW - 400 * DAY, 2) for _ in range(3)] == [2, 1, 0]
    assert await store.drop_old("deliveries", (), NOW, 0) == 0


async def test_the_scheduler_does_it_and_outlives_a_store_that_is_away(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await fill(store)
    stop, looks = asyncio.Event(), 0
    drop = store.drop_old

    async def away(*_: object) -> int:
        nonlocal looks
        looks += 1
        stop.set()
        raise StoreUnavailable("away")

    with monkeypatch.context() as broken:
        broken.setattr(store, "drop_old", away)
        await keep_dropping(store, RULES, lambda: NOW, stop)
    assert looks == 1
    stop.clear()

    async def last(*given: object) -> int:
        stop.set()
        return await drop(*given)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(store, "drop_old", last)
    await keep_dropping(store, RULES, lambda: NOW, stop)
    assert set((await count_old(store, RULES, NOW)).values()) == {0}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{place: journal, days: 30, source: x}", "365"),
        ("{place: records, days: 400, source: x}", "kinds"),
        ("{place: readings, days: 400, source: x}", "place"),
        ("{place: documents, days: 400, source: x}", "days null"),
        ('{place: records, kinds: ["*"], days: 400, source: x}', "days null"),
        ("{place: photos, days: null, source: x}", "place"),
        ("{place: journal, days: 400}", "source"),
    ],
)
def test_a_wrong_rule_is_refused(tmp_path: Path, wrong: str, said: str) -> None:
    file = tmp_path / "retention.yaml"
    file.write_text(f"sign_off: {{status: x, reviewer: null, date: null}}\nclasses:\n  one: {wrong}\n")
    with pytest.raises(ConfigError, match=said):
        load_retention(file)
