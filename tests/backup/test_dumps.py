"""What each engine gives out and takes back: all of it, the journal up to the cut, and heads that fit to it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.adapters.media.dump import FolderDump
from bot.adapters.mongo.dump import MongoDump
from bot.adapters.mongo.store import MongoStore
from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.deliveries import RedisDeliveries
from bot.adapters.redis.directory import RedisDirectory
from bot.adapters.redis.dump import RedisDump, every, is_kept, is_queue
from bot.adapters.redis.sessions import RedisSessions
from bot.adapters.redis.timers import RedisTimers
from bot.adapters.sqlite.dump import SqliteDump
from bot.adapters.sqlite.store import SqliteStore
from bot.app.backing_up import heads_anew
from bot.audit.chain import Note, broken
from bot.errors import Malformed
from bot.model.effects import Record, WakeAt
from bot.model.ids import EffectId, GatewayId, InputId, person_of
from bot.model.session import Session
from bot.ports.documents import Document
from bot.ports.dump import LATER, Dump, Frame
from bot.ports.store import DeliveryRecord, JournalEntry, Reading, Store
from tests.sealed import SEALS
from tests.servers.embedded import EmbeddedValkey
from tests.servers.mongod import drop_database

ASHA, RAVI = person_of("phone:919800000001"), person_of("phone:919800000002")
WAKE = WakeAt(EffectId("w"), ASHA, 5000.0)


def turn(number: int, at: float, *, person: str = ASHA, wakes: bool = False) -> JournalEntry:
    session = Session(person_of("x"), version=number)
    session.person = ASHA if person == ASHA else RAVI
    session.timers = [WAKE] if wakes else []
    return JournalEntry(
        session.person, InputId(f"in{number}"), number, at, "text", session, wakes=session.timers
    )  # fmt: skip


async def fill(store: Store) -> None:
    await store.append_journal([turn(1, 100.0), turn(2, 200.0, wakes=True)])
    await store.append_journal([turn(3, 300.0), turn(1, 300.0, person=RAVI, wakes=True)])
    await store.record([Record(EffectId("r"), ASHA, "consent", 300.0, {"version": "1"})])
    await store.add_reading(Reading(EffectId("g"), ASHA, "glucose", 142.0, 1_800_000_000.25))
    await store.save_deliveries([DeliveryRecord(EffectId("d"), ASHA, "sent", 300.0, GatewayId("w1"))])
    for state in ("new", "changed"):
        held = await store.documents.get("case", "c")
        version = held.version if held else 0
        assert await store.documents.save(Document("case", "c", ASHA, 300.0, version, state=state, due=9.5))
    await store.link("555", "919800000001")
    await store.audit.enter(Note(1.0, "test", "first"))
    await store.bundles.keep("v1", b"packed", at=1.0)


async def as_it_was(store: Store) -> None:
    assert await store.open_wakes(10) == [], "the turns after the cut had made the heads"
    await heads_anew(store, [ASHA, RAVI])
    snapshot = await store.latest(ASHA)
    assert snapshot is not None
    assert (snapshot.session.version, snapshot.seen) == (2, ["in2", "in1"])
    assert await store.latest(RAVI) is None
    assert await store.open_wakes(10) == [(ASHA, [WAKE])], "of the turn at the cut, and nobody else's"
    assert [one.id for one in await store.records(ASHA, "consent")] == ["r"]
    assert not await store.add_reading(Reading(EffectId("g"), ASHA, "glucose", 142.0, 1_800_000_000.25)), "known already"
    (reading,) = await store.readings(ASHA, "glucose")
    assert (reading.id, reading.value, reading.at) == ("g", 142.0, 1_800_000_000.25)
    assert (await store.delivery(EffectId("d"))) == DeliveryRecord(EffectId("d"), ASHA, "sent", 300.0, GatewayId("w1"))
    case = await store.documents.get("case", "c")
    assert case is not None
    assert (case.version, case.state, case.due) == (2, "changed", 9.5)
    assert await store.phone_of("555") == "919800000001"
    assert await store.bundles.bundle("v1") == b"packed"
    assert await store.audit.cut() is None
    await store.audit.enter(Note(2.0, "test", "second"))
    assert broken(await store.audit.entries()) is None
    # The conversation goes on: the next turn is a newer head.
    await store.append_journal([turn(3, 400.0)])
    assert await store.open_wakes(10) == []


async def moved(source: Dump, target: Dump) -> int:
    assert await target.empty()
    frames = [frame async for frame in source.frames(200.0)]
    later = [frame.data.decode() for frame in frames if frame.name == LATER]
    assert sorted(later) == (sorted([ASHA, RAVI]) if source.part in ("mongo", "sqlite") else [])
    for frame in frames:
        await target.load(frame)
    await target.loaded()
    return len(frames)


async def test_mongodb(mongodb_url: str, mongodb_database: str) -> None:
    other = f"{mongodb_database}_b"
    try:
        async with MongoStore.open(mongodb_url, mongodb_database, seals=SEALS) as store:
            await fill(store)
        async with MongoDump.open(mongodb_url, mongodb_database) as source, MongoDump.open(mongodb_url, other) as target:
            await moved(source, target)
            assert not await target.empty()
        async with MongoStore.open(mongodb_url, other, seals=SEALS) as store:
            await as_it_was(store)
    finally:
        drop_database(mongodb_url, other)


async def test_sqlite_while_it_is_open(tmp_path: Path) -> None:
    target = SqliteDump(tmp_path / "b" / "procare.sqlite")
    (tmp_path / "b").mkdir()
    async with SqliteStore.open(tmp_path / "a.sqlite", seals=SEALS) as store:
        await fill(store)
        await moved(SqliteDump(tmp_path / "a.sqlite"), target)
    async with SqliteStore.open(tmp_path / "b" / "procare.sqlite", seals=SEALS) as store:
        await as_it_was(store)
    assert not await target.empty()
    assert not hidden(tmp_path), "the copy is gone"


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@asynccontextmanager
async def another_valkey() -> AsyncIterator[Coalescing]:
    server = EmbeddedValkey()
    server.start()
    try:
        async with Coalescing.open(server.url) as client:
            yield client
    finally:
        server.close()


async def test_claims_and_queues_come_back_and_what_the_journal_knows_does_not() -> None:
    async with another_valkey() as one, another_valkey() as two:
        await RedisSessions(one).commit(Session(ASHA, version=1), InputId("i"), [], now=1.0)
        await RedisTimers(one).set(WAKE)
        await RedisTimers(one).mark_intact()
        await RedisDirectory(one).backed_up(1.0)
        await RedisDeliveries(one).sent(ASHA, EffectId("e"), GatewayId("g"), now=1.0)
        await one.call("XADD", "bus:queue:sends.1", "*", "m", b"\x00message")
        await one.call("SET", "bus:lease:sends.1", "somebody")
        for name, wanted in (("queues", is_queue), ("redis", is_kept)):
            await moved(RedisDump(one, name, wanted), RedisDump(two, name, wanted))
        assert sorted(await two.call("KEYS", "*")) == [b"bus:queue:sends.1", f"pc:{{{ASHA}}}:d".encode()]
        claim = await RedisDeliveries(two).claim(ASHA, EffectId("e"), now=2.0)
        assert (claim.state, claim.gateway_id) == ("sent", "g")
        assert await two.call("PTTL", f"pc:{{{ASHA}}}:d") > 0
        assert not await RedisDump(two, "any", every).empty()


async def test_files_come_back_under_their_names_and_never_outside(tmp_path: Path) -> None:
    source, target = tmp_path / "media", tmp_path / "restored"
    (source / "files" / "ab").mkdir(parents=True)
    (source / "files" / "ab" / "abc").write_bytes(b"x" * 2_500_000)
    (source / "files" / "ab" / "empty").write_bytes(b"")
    (source / "files" / "ab" / ".half.1f").write_bytes(b"not there yet")
    assert await moved(FolderDump(source), FolderDump(target)) == 4
    assert (target / "files" / "ab" / "abc").read_bytes() == b"x" * 2_500_000
    assert sorted(path.name for path in target.rglob("*") if path.is_file()) == ["abc", "empty"]
    with pytest.raises(Malformed):
        await FolderDump(target).load(Frame("media", "../outside", b"x"))
