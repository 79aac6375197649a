"""What is sealed opens in its place and nowhere else; keys change under it without anybody's noticing."""

from __future__ import annotations

import asyncio
import base64
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.sqlite import SqliteStore
from bot.app.keys import master_key
from bot.errors import ConfigError, KeysUnavailable, StoreUnavailable, Tampered
from bot.ports.keys import WrappedKey
from bot.sealing.keyring import LEAD, LIFETIME, Keyring
from bot.sealing.master import LocalMasterKey, read_master_keys
from bot.sealing.xaes import Xaes
from config.settings import Settings
from tests.sealed import SEALS, MemoryKeys
from tests.sealing.rings import NEW, OLD, Clock, ring
from tests.store.made import ASHA, record


@pytest.mark.parametrize(
    ("key", "bound", "sealed"),
    [
        (1, b"", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271"),
        (3, b"c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"),
    ],
)
def test_the_vectors_of_the_specification_open(key: int, bound: bytes, sealed: str) -> None:
    """C2SP XAES-256-GCM; sealing draws its own nonce, so opening is what can be compared."""
    xaes = Xaes(bytes([key]) * 32)
    assert xaes.open(b"ABCDEFGHIJKLMNOPQRSTUVWX" + bytes.fromhex(sealed), bound) == b"XAES-256-GCM"


def test_no_two_sealed_messages_share_a_nonce() -> None:
    xaes = Xaes(bytes(32))
    assert len({xaes.seal(b"", b"")[:24] for _ in range(70_000)}) == 70_000, "also over the change of the derived key"


@given(st.binary(max_size=200), st.text(max_size=8), st.text(max_size=8), st.text(max_size=8))
def test_it_opens_in_its_place(plain: bytes, kind: str, id_: str, field: str) -> None:
    sealed = SEALS.seal(plain, kind, id_, field)
    assert SEALS.open(sealed, kind, id_, field) == plain
    assert len(plain) < 16 or plain not in sealed  # the head before the nonce has zeros of its own, and is shorter
    for other in ((kind + "x", id_, field), (kind, id_ + "x", field), (kind, id_, field + "x"), (kind + id_, "", field)):
        if other != (kind, id_, field):
            with pytest.raises(Tampered):
                SEALS.open(sealed, *other)


def test_every_changed_or_missing_byte_is_an_error_and_never_another_text() -> None:
    sealed = SEALS.seal(b"sugar 182 fasting", "records", "r1", "doc")
    for place in range(4, len(sealed)):
        with pytest.raises(Tampered):
            SEALS.open(sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :], "records", "r1", "doc")
        with pytest.raises(Tampered):
            SEALS.open(sealed[:place], "records", "r1", "doc")


def test_what_was_stored_before_there_were_keys_stays_readable() -> None:
    assert SEALS.open('{"a":1}', "records", "r1", "doc") == b'{"a":1}'
    assert SEALS.open(b"\x82\xa2id\x01", "bus", "m", "body") == b"\x82\xa2id\x01"


async def test_a_new_key_seals_when_everybody_knows_it_and_the_old_one_goes_on_opening() -> None:
    place, clock = MemoryKeys(), Clock()
    ours, theirs = await ring(place, clock=clock), await ring(place, clock=clock)
    before = ours.seal(b"a", "k", "i", "f")
    made = await ours.rotate(place)
    await ours.refresh(place)
    clock.now += LEAD - 1
    assert ours.key() != made.id, "another process may not have looked yet"
    assert theirs.open(ours.seal(b"b", "k", "i", "f"), "k", "i", "f") == b"b"
    await theirs.refresh(place)
    clock.now += 1
    assert ours.key() == theirs.key() == made.id
    after = ours.seal(b"c", "k", "i", "f")
    assert (theirs.open(before, "k", "i", "f"), theirs.open(after, "k", "i", "f")) == (b"a", b"c")
    assert (ours.fresh(before), ours.fresh(after), ours.fresh("{}")) == (False, True, False)


async def test_a_key_that_is_not_known_is_waited_for_or_told_apart_from_a_lost_one() -> None:
    place, clock = MemoryKeys(), Clock()
    ours = await ring(place, clock=clock)
    stranger = (await ring(MemoryKeys())).seal(b"x", "k", "i", "f")
    with pytest.raises(Tampered) as lost:
        ours.open(stranger, "k", "i", "f")
    assert lost.value.code == "seal_key_unknown"
    clock.now += LEAD
    with pytest.raises(KeysUnavailable):
        ours.open(stranger, "k", "i", "f")


async def test_the_first_keys_are_the_same_for_all_who_start_together() -> None:
    place = MemoryKeys()
    first, second = await asyncio.gather(ring(place), ring(place))
    assert second.open(first.seal(b"x", "k", "i", "f"), "k", "i", "f") == b"x"
    assert first.blind("lid", "1234") == second.blind("lid", "1234") != first.blind("phone", "1234")


async def test_the_master_key_is_changed_while_the_service_runs() -> None:
    place = MemoryKeys()
    sealed = (await ring(place, OLD)).seal(b"x", "k", "i", "f")
    both = await ring(place, f"{NEW},{OLD}")
    assert await both.rewrap(place) == 3
    assert await both.rewrap(place) == 0
    assert (await ring(place, NEW)).open(sealed, "k", "i", "f") == b"x"
    with pytest.raises(ConfigError, match="needs the master key"):
        await ring(place, OLD)


async def test_both_keys_are_changed_while_two_processes_write_and_read_and_nothing_is_missed(tmp_path: Path) -> None:
    place, clock, count = MemoryKeys(), Clock(), 120
    await ring(place, OLD, clock=clock)
    rings = [await ring(place, f"{NEW},{OLD}", clock=clock) for _ in range(2)]
    async with (
        SqliteStore.open(tmp_path / "record.db", seals=rings[0]) as first,
        SqliteStore.open(tmp_path / "record.db", seals=rings[1]) as second,
    ):

        async def seal_anew() -> int:
            return sum([step.done async for step in second.resealing.steps()])

        work: asyncio.Task[int] | None = None
        for number in range(count):
            clock.now += 2.0
            for ours, every in zip(rings, (7, 9), strict=True):  # they look for keys when each of them likes, often enough
                if number % every == 0:
                    await ours.refresh(place)
            if number == 20:
                await rings[0].rotate(place)
            if number == 60:
                assert await rings[1].rewrap(place) == 3  # the one that was made meanwhile lies under the new master key
            if number == 80:
                work = asyncio.create_task(seal_anew())
            await (first, second)[number % 2].record([record(f"r{number}", at=float(number))])
            newest = await (second, first)[number % 2].records(ASHA, "consent", 1)
            assert newest[0].id == f"r{number}", "the other one reads it at once"
        assert work is not None
        assert await work > 0
    last = await ring(place, NEW, clock=clock)
    async with SqliteStore.open(tmp_path / "record.db", seals=last) as store:
        assert len(await store.records(ASHA, "consent", 500)) == count
        assert sum([step.done async for step in store.resealing.steps()]) == 0, "all is under the newest key"


async def test_a_wrapped_key_is_of_its_tenant_and_its_purpose() -> None:
    place = MemoryKeys()
    await ring(place, tenant="one")
    stolen = place.keys["one", "data", 1]
    place.keys["two", "data", 1] = WrappedKey("two", "data", 1, stolen.id, 0.0, stolen.master, stolen.wrapped)
    with pytest.raises(Tampered):
        await ring(place, tenant="two")


class Away(MemoryKeys):
    away = False

    async def wrapped(self, tenant: str) -> list[WrappedKey]:
        if self.away:
            raise StoreUnavailable
        return await super().wrapped(tenant)


class Silent(LocalMasterKey):
    silent = False

    async def unwrap(self, wrapped: bytes, master: str, bound: bytes) -> bytes:
        if self.silent:
            raise KeysUnavailable
        return await super().unwrap(wrapped, master, bound)


async def test_keys_live_without_the_store_but_not_without_the_master_key() -> None:
    place, clock, master = Away(), Clock(), Silent([base64.b64decode(OLD)])
    keys = Keyring(master, "t", clock=clock)
    with pytest.raises(KeysUnavailable):
        keys.seal(b"x", "k", "i", "f")
    await keys.load(place)
    sealed = keys.seal(b"x", "k", "i", "f")
    place.away = True
    clock.now += LIFETIME
    await keys.refresh(place)
    assert keys.open(sealed, "k", "i", "f") == b"x"
    master.silent = True
    clock.now += LIFETIME
    with pytest.raises(KeysUnavailable):
        await keys.refresh(place)
    assert keys.open(sealed, "k", "i", "f") == b"x", "within its lifetime"
    clock.now += 1
    for use in (lambda: keys.open(sealed, "k", "i", "f"), lambda: keys.seal(b"", "k", "i", "f"), lambda: keys.blind("k", "x")):
        with pytest.raises(KeysUnavailable):
            use()


def test_a_developers_installation_makes_its_own_master_key_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROCARE_MASTER_KEY")
    settings = Settings(data_dir=tmp_path)
    made = master_key(settings).id
    assert (tmp_path / "master.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]
    assert master_key(settings).id == made
    assert master_key(Settings(master_key_file=tmp_path / "master.key", mongodb_url="mongodb://x")).id == made


def test_a_real_installation_without_one_does_not_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROCARE_MASTER_KEY")
    evolution = {"evolution_url": "http://x", "evolution_api_key": "x"}
    for real in ({"mongodb_url": "mongodb://x"}, {"redis_url": "redis://x"}, evolution):
        with pytest.raises(ConfigError, match="PROCARE_MASTER_KEY"):
            master_key(Settings.model_validate({"data_dir": tmp_path, **real}))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("word", ["", "abc", "not base64 at all!", base64.b64encode(b"short").decode()])
def test_what_is_no_key_is_refused_without_showing_it(word: str) -> None:
    with pytest.raises(ConfigError, match="PLACE: a master key is 32 random bytes") as refused:
        read_master_keys(word, "PLACE")
    assert not word or word not in str(refused.value)
    assert read_master_keys(base64.b64decode(OLD).hex(), "x").id == read_master_keys(OLD, "x").id
