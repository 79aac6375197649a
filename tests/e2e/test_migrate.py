"""People's ids are moved to keyed ones in every engine, from wherever it was broken off, and back."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from bot import queues
from bot.adapters.mongo.store import MongoStore
from bot.adapters.sqlite.store import SqliteStore
from bot.app.desks import Still, open_still
from bot.app.engines import Engines, open_engines
from bot.audit.chain import broken
from bot.cli.keys import keys
from bot.cli.migrate import migrate
from bot.errors import ConfigError
from bot.migrations import running
from bot.migrations.keyed_ids import KeyedIds
from bot.migrations.ledger import noted
from bot.migrations.names import Renames
from bot.model.effects import WakeAt
from bot.model.ids import EffectId, GatewayId, InputId, PersonId, keyed, member_of, person_of
from bot.model.session import Asked, Channel, Session
from bot.notices.days import day_of
from bot.ports.bus import Envelope
from bot.ports.documents import Document
from bot.ports.moving import Moving, Names
from bot.ports.resealing import Step
from bot.ports.tombstones import Tombstone
from config.settings import Settings
from tests.e2e.plants import PLANTS, add_parked, add_reading, asha, ravi
from tests.e2e.service import environment
from tests.store.made import entry, record

LATER = "910000000003"


DIES = """
import os, signal, click
say = click.echo
def echo(*words, **more):
    say(*words, **more)
    os.kill(os.getpid(), signal.SIGKILL)
click.echo = echo
from bot.cli.main import main
main()
"""
"""Killed from outside it might have gone on for as long as a busy machine likes."""


class Killed(Exception):
    """The process ended here."""


class UpTo:
    """Implements Moving: ends, as a crash would, before or after the n-th write."""

    left: float = float("inf")

    def __init__(self, inner: Moving) -> None:
        self.place, self._inner = inner.place, inner

    async def steps(self, names: Names, *, write: bool) -> AsyncIterator[Step]:
        real = names.settle

        async def settle() -> None:
            self.count()
            await real()

        if write:
            names.settle = settle  # type: ignore[method-assign]
        async for step in self._inner.steps(names, write=write):
            if write:
                self.count()
            yield step

    @classmethod
    def count(cls) -> None:
        cls.left -= 1
        if cls.left < 0:
            raise Killed


@pytest.fixture(params=["embedded", pytest.param("servers", marks=pytest.mark.services)])
async def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Of an installation from before: somebody was stored in it before it had keys."""
    made = Settings(data_dir=tmp_path / "data")
    if request.param == "embedded":
        made.data_dir.mkdir()
        async with SqliteStore.open(made.data_dir / "procare.sqlite") as older:
            await older.record([record("first", asha())])
        return made
    url, database = request.getfixturevalue("mongodb_url"), request.getfixturevalue("mongodb_database")
    async with MongoStore.open(url, database) as store:
        await store.record([record("first", asha())])
    named = {"redis_url": SecretStr(request.getfixturevalue("new_redis")().url), "mongodb_url": SecretStr(url)}
    return made.model_copy(update={**named, "mongodb_database": database})


async def plant(engines: Engines, then: float) -> None:
    for person in (asha(), ravi()):
        for name, (put, _) in PLANTS.items():
            if name not in ("parked", "link in Redis", "turn"):
                await put(engines, person, then)
    wake = WakeAt(EffectId("w"), asha(), then + 1e6)
    await engines.store.append_journal([entry(1, asha(), wakes=[wake], at=then), entry(2, ravi(), at=then)])
    await add_reading(engines, member_of(asha(), "1"), then)
    await engines.store.documents.save(Document("caregiver", f"tie-{asha()}", asha(), then, data={"caregiver": ravi()}))
    asked = Asked(EffectId("q"), "main", "menu")
    await engines.deliveries.sent(asha(), EffectId("q"), GatewayId("gq"), now=then, asked=asked)
    await engines.tombstones.put(Tombstone("r1", ravi(), (ravi(),), then))
    assert await engines.caps.take(asha(), EffectId("n"), 1, day=day_of(then, "Asia/Kolkata"), now=then)


@asynccontextmanager
async def still(settings: Settings) -> AsyncIterator[tuple[Still, KeyedIds]]:
    async with open_still(settings) as opened:

        async def noticed() -> None:
            UpTo.count()

        yield opened, KeyedIds(opened.keys, opened.place, opened.store, [UpTo(one) for one in opened.moving], noticed)


async def to_the_end(settings: Settings, *, back: bool) -> int:
    """Killed again and again, the first time at once, then later and later. Returns after how many steps it came to its end."""
    for number in range(0, 200, 4 if settings.mongodb_url else 3):
        async with still(settings) as (opened, migration):
            UpTo.left = number
            try:
                await (running.back if back else running.forward)(migration, opened.store, "tester", time.time, lambda *_: None)
            except Killed:
                continue
            finally:
                UpTo.left = float("inf")
            return number
    raise AssertionError("it never came to an end")


async def contents(settings: Settings) -> list[bytes]:
    """Every opened value and every plain text of the store."""
    found: list[bytes] = []

    class All(Renames):
        def raw(self, value: bytes) -> bytes:
            found.append(value)
            return value

    async with open_still(settings) as opened:
        async for _ in opened.store.moving.steps(All("p", lambda _: None), write=False):  # type: ignore[attr-defined]
            pass
    return sorted(found)


async def found(engines: Engines, then: float) -> None:
    """All that was planted is there for who asks for it by today's ids."""
    loaded = await engines.sessions.load(asha(), InputId("x"), quoted=GatewayId("gq"))
    assert loaded.session is not None
    assert loaded.asked is not None
    claim = await engines.deliveries.claim(asha(), EffectId("e"), now=then)
    assert (claim.state, claim.gateway_id) == ("sent", "g")
    assert not await engines.caps.take(asha(), EffectId("n2"), 1, day=day_of(then, "Asia/Kolkata"), now=then), "it was the day's"
    assert not await engines.timers.intact(), "so that they are set again where the new id has them"
    for person in (asha(), ravi()):
        snapshot = await engines.store.latest(person)
        assert snapshot is not None
        assert snapshot.session.person == person
        [ref] = await engines.media.of(person)
        assert (await engines.media.get(ref) or b"").startswith(b"report ")
        assert [one.person for one in await engines.store.readings(person, "glucose")] == [person]
        kinds = {one.kind for one in await engines.footprint.remains([person])}
        assert {"s", "seen", "d", "$"} <= kinds
    assert len(await engines.store.readings(member_of(asha(), "1"), "glucose")) == 1
    tie = await engines.store.documents.get("caregiver", f"tie-{asha()}")
    assert tie is not None
    assert (tie.person, tie.data) == (asha(), {"caregiver": ravi()})
    assert [person for person, _ in await engines.store.open_wakes(10)] == [asha()]
    assert await engines.tombstones.all() == [Tombstone("r1", ravi(), (ravi(),), then)], "with a proof for the new id"


async def test_ids_are_moved_and_moved_back_wherever_it_was_broken_off(settings: Settings) -> None:
    then = time.time() - 1000.0
    async with open_engines(settings) as engines:
        assert asha() == person_of("phone:910000000001") == asha()
        assert asha().startswith("p")
        await plant(engines, then)
    before = await contents(settings)

    assert await to_the_end(settings, back=False) > 8
    async with open_still(settings) as opened:
        key = opened.keys.people
        ran = await noted(opened.store.documents, KeyedIds.name)
        assert ran is not None
        assert ran.state == "done"
    renamed = Renames("p", lambda old: keyed(PersonId(old), key))
    assert await contents(settings) == sorted(renamed.raw(one) for one in before)
    async with open_engines(settings) as engines:
        assert asha().startswith("k")
        await found(engines, then)
        later = Session(person_of(f"phone:{LATER}"), version=1, channel=Channel("main", "cloud", LATER))
        await engines.sessions.commit(later, InputId("i"), [], now=then)
        old = [PersonId(one.replace("k", "p", 1)) for one in (asha(), ravi())]
        assert await engines.footprint.remains(old) == []

    assert await to_the_end(settings, back=True) > 8
    assert await contents(settings) == before
    async with open_engines(settings) as engines:
        assert asha().startswith("p")
        await found(engines, then)
        assert (await engines.sessions.load(person_of(f"phone:{LATER}"), InputId("x"))).session is not None
        entries = await engines.store.audit.entries()
    assert broken(entries) is None
    assert {one.note.what for one in entries} == {
        "begins a migration", "ended a migration", "takes a migration back", "took a migration back"
    }  # fmt: skip


async def test_nothing_is_moved_while_something_waits_or_nobody_can_be_moved_back(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    settings.data_dir.mkdir()
    async with SqliteStore.open(settings.data_dir / "procare.sqlite") as older:
        await older.record([record("first", asha())])
    spec = queues.topology(settings.partitions, ())
    async with open_engines(settings) as engines:
        await add_parked(engines, asha(), 1.0)
    async with still(settings) as (opened, migration):
        with pytest.raises(ConfigError, match="parked"):
            await running.quiet(opened.bus, spec)
        [parked] = await opened.bus.parked()
        await opened.bus.drop(parked.id)
        await running.quiet(opened.bus, spec)
        await opened.bus.publish("turns.0", Envelope(id="i", key=asha(), body=b"", at=1.0))
        with pytest.raises(ConfigError, match=r"turns\.0"):
            await running.quiet(opened.bus, spec)
        async with opened.bus.subscribe("turns.0", prefetch=1) as subscription:
            with pytest.raises(ConfigError, match="Stop every role"):
                await running.quiet(opened.bus, spec)
            await subscription.later(await subscription.get(), 60.0)
        with pytest.raises(ConfigError, match="retries"):
            await running.quiet(opened.bus, spec)
        with pytest.raises(ConfigError, match="did not run"):
            await running.back(migration, opened.store, "tester", time.time, lambda *_: None)
        await running.forward(migration, opened.store, "tester", time.time, lambda *_: None)
    async with open_engines(settings) as engines:
        await add_reading(engines, person_of(f"phone:{LATER}"), 1.0)  # nothing tells her number
    async with still(settings) as (opened, migration):
        with pytest.raises(ConfigError, match="1 people came since"):
            await running.back(migration, opened.store, "tester", time.time, lambda *_: None)
    async with open_engines(settings):
        assert asha().startswith("k"), "and it runs on as it was"


def test_the_command_is_killed_goes_on_and_nothing_runs_in_between(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.joinpath("data").mkdir(parents=True)
    many = 3000

    async def fill() -> None:
        async with SqliteStore.open(folder / "data/procare.sqlite") as older:
            await older.record([record(f"r{number}", asha()) for number in range(many)])

    asyncio.run(fill())
    for name, value in environment({"data_dir": folder / "data"}).items():
        monkeypatch.setenv(name, value)

    def told(*words: str) -> str:
        result = CliRunner().invoke(migrate, words)
        assert result.exit_code == 0, result.output
        return result.output

    assert f"store {many}" in told("--dry-run")
    killed = subprocess.run(
        [sys.executable, "-c", DIES, "migrate", "--wait", "0"], cwd=folder, stdout=subprocess.PIPE, timeout=110
    )
    assert (killed.returncode, len(killed.stdout.splitlines())) == (-signal.SIGKILL, 1)
    assert "not finished" in told("--status")
    refused = CliRunner().invoke(keys, ["status"])
    assert isinstance(refused.exception, ConfigError)
    assert "procare migrate --back" in str(refused.exception)
    assert "keyed-ids done" in told()  # without a wait: nothing can have run since
    assert "nothing is to be done" in told()
    assert "taken back" in told("--back", "--wait", "0")
    assert "due" in told("--status")
