"""People's ids are made with a key that only the master key opens; an installation never has ids of two kinds."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Literal

import pytest
from msgspec import Struct, ValidationError, convert, to_builtins

from bot.adapters.mongo.store import MongoStore
from bot.app.desks import open_store
from bot.errors import ConfigError, KeysUnavailable
from bot.model.ids import PersonId, ids_are_keyed, keyed, named_with, person_of
from config.settings import Settings
from tests.sealed import MemoryKeys
from tests.sealing.rings import NEW, OLD, ring
from tests.store.made import record

ALIAS = "phone:919800000001"
PLAIN = person_of(ALIAS)


def test_an_id_is_made_with_the_key_of_the_installation_and_of_one_alone() -> None:
    ids = set()
    for key in (b"1" * 32, b"2" * 32):
        with named_with(key), named_with(key):
            assert ids_are_keyed()
            assert re.fullmatch("k[0-9a-f]{24}", person_of(ALIAS))
            assert person_of(ALIAS) == keyed(PLAIN, key), "so that ids can be moved without knowing the number"
            ids.add(person_of(ALIAS))
            with pytest.raises(RuntimeError), named_with(b"another key"):
                pass
    assert person_of(ALIAS) == PLAIN
    assert not ids_are_keyed()
    assert len(ids) == 2


async def test_a_new_installation_has_keyed_ids_and_keeps_them_over_every_change_of_keys() -> None:
    place = MemoryKeys()
    first = await ring(place, OLD)
    assert len(first.people) == 32
    await first.rotate(place)
    both = await ring(place, f"{NEW},{OLD}")
    await both.rewrap(place)
    assert (await ring(place, NEW)).people == first.people


async def test_an_older_installation_keeps_its_ids_until_they_are_moved() -> None:
    empty, older, before_keys = MemoryKeys(), MemoryKeys(), MemoryKeys()
    await ring(older)
    for name in [name for name in older.keys if name[1] == "people"]:
        del older.keys[name]  # as the release before left it
    before_keys.older = True
    assert (await ring(empty)).people
    assert (await ring(older)).people == b""
    assert (await ring(before_keys)).people == b""
    assert (await ring(before_keys)).people == b"", "also after it has made its data keys"


async def test_nothing_starts_while_ids_are_being_moved() -> None:
    place = MemoryKeys()
    keys = await ring(place)
    made = keys.people
    await keys.begin_move(place)
    with pytest.raises(ConfigError, match="procare migrate"):
        async with (await ring(place)).fed(place):
            pass
    async with (await ring(place)).fed(place, moving=True):
        pass
    await keys.end_move(place, back=False)
    async with (await ring(place)).fed(place):
        assert (await ring(place)).people == made
    await keys.begin_move(place)
    await keys.end_move(place, back=True)
    async with (await ring(place)).fed(place):
        assert (await ring(place)).people == b""
    moved = []
    for _ in range(2):
        await keys.begin_move(place)
        moved.append(keys.people)
        await keys.end_move(place, back=True)
    assert moved[0] == moved[1] != made, "whoever is moved again gets the same id"


async def test_a_process_that_was_forgotten_while_ids_were_moved_can_do_nothing_more() -> None:
    place = MemoryKeys()
    mover = await ring(place)
    for key in [key for key in place.keys.values() if key.purpose == "people"]:
        await place.drop(key)  # as before ids had keys
    forgotten = await ring(place)
    async with forgotten.fed(place):
        await mover.begin_move(place)
        with pytest.raises(ConfigError, match="stop this process"):
            await forgotten.refresh(place)
        with pytest.raises(KeysUnavailable):
            forgotten.seal(b"x", "k", "i", "f")
        await mover.end_move(place, back=False)
        with pytest.raises(ConfigError):
            await forgotten.refresh(place)
        await mover.begin_move(place)
        await mover.end_move(place, back=True)
        await forgotten.refresh(place)
        forgotten.seal(b"x", "k", "i", "f")  # its ids are right again


def test_what_a_command_opens_names_people_as_the_service_does(tmp_path: Path) -> None:
    async def named() -> PersonId:
        async with open_store(Settings(data_dir=tmp_path)):
            return person_of(ALIAS)

    first = asyncio.run(named())
    assert first == asyncio.run(named()) != PLAIN
    assert person_of(ALIAS) == PLAIN, "not after it was closed"


async def test_a_database_with_people_of_before_there_were_keys_keeps_their_ids(
    mongodb_url: str, mongodb_database: str, tmp_path: Path
) -> None:
    async with MongoStore.open(mongodb_url, mongodb_database) as store:
        assert not await store.keys.unkeyed()
        await store.record([record("r")])
        assert await store.keys.unkeyed()


class OlderKey(Struct):
    """As the release before people's ids had keys knows it."""

    tenant: str
    purpose: Literal["data", "index"]
    number: int


async def test_an_older_release_cannot_read_the_keys_and_so_makes_no_ids_of_its_own() -> None:
    place = MemoryKeys()
    await ring(place)
    read = 0
    for key in place.keys.values():
        if key.purpose == "people":
            with pytest.raises(ValidationError):
                convert(to_builtins(key), OlderKey)
        else:
            read += bool(convert(to_builtins(key), OlderKey))
    assert read == 2
