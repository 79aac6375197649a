from __future__ import annotations

import asyncio

import pytest

from bot.errors import ConfigError, Conflict
from bot.ports.bundles import Kept, Publication
from bot.ports.store import Store


def made(number: int, version: str, **more: object) -> Publication:
    return Publication(number, version, 1_000.5 + number, "Asha “A” <asha>", **more)  # type: ignore[arg-type]


async def keep(store: Store, *versions: str) -> None:
    for age, version in enumerate(versions):
        await store.bundles.keep(version, version.encode() * 1000, at=float(age))


async def test_a_bundle_comes_back_byte_for_byte_and_large_ones_too(store: Store) -> None:
    packed = bytes(range(256)) * 31_000  # near 8 MB
    await store.bundles.keep("v1", packed, at=5.0)
    assert await store.bundles.bundle("v1") == packed
    assert await store.bundles.bundle("v2") is None
    assert await store.bundles.kept() == [Kept("v1", 5.0, len(packed))]


async def test_a_bundle_never_changes_only_its_time_does(store: Store) -> None:
    await store.bundles.keep("v1", b"first", at=1.0)
    await store.bundles.keep("v2", b"second", at=2.0)
    await store.bundles.keep("v1", b"other", at=3.0)
    await store.bundles.keep("v1", b"other", at=0.5)
    assert await store.bundles.bundle("v1") == b"first"
    assert await store.bundles.kept() == [Kept("v1", 3.0, 5), Kept("v2", 2.0, 6)]


async def test_nothing_is_published_at_first(store: Store) -> None:
    assert await store.bundles.history() == []


async def test_what_was_published_is_told_newest_first(store: Store) -> None:
    await keep(store, "v1", "v2")
    told = [made(1, "v1"), made(2, "v2", note="नया"), made(3, "v1", back=True)]
    for publication in told:
        await store.bundles.publish(publication)
    assert await store.bundles.history() == told[::-1]
    assert await store.bundles.history(1) == told[-1:]
    assert await store.bundles.history(0) == []


@pytest.mark.parametrize("number", [0, 1, 3, 9])
async def test_publishing_on_top_of_something_else_than_one_saw_is_refused(store: Store, number: int) -> None:
    await keep(store, "v1", "v2")
    await store.bundles.publish(made(1, "v1"))
    with pytest.raises(Conflict):
        await store.bundles.publish(made(number, "v2"))
    assert await store.bundles.history() == [made(1, "v1")]


async def test_of_many_who_publish_at_once_one_does(store: Store) -> None:
    versions = [f"v{number}" for number in range(8)]
    await keep(store, *versions)

    async def attempt(version: str) -> str | None:
        try:
            await store.bundles.publish(made(1, version))
        except Conflict:
            return None
        return version

    won = [version for version in await asyncio.gather(*map(attempt, versions)) if version]
    assert len(won) == 1
    assert await store.bundles.history() == [made(1, won[0])]


async def test_what_nobody_kept_cannot_be_published(store: Store) -> None:
    with pytest.raises(ConfigError):
        await store.bundles.publish(made(1, "v1"))
    assert await store.bundles.history() == []


async def test_the_current_bundle_and_the_one_before_it_are_never_forgotten(store: Store) -> None:
    await keep(store, "v1", "v2", "v3", "v4")
    for number, version in enumerate(("v1", "v2", "v3"), 1):
        await store.bundles.publish(made(number, version))
    assert [await store.bundles.forget(version) for version in ("v3", "v2", "v1", "v4", "v5")] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert {one.version for one in await store.bundles.kept()} == {"v2", "v3"}
    assert await store.bundles.bundle("v1") is None
    assert len(await store.bundles.history()) == 3
    with pytest.raises(ConfigError):
        await store.bundles.publish(made(4, "v1"))


async def test_a_bundle_that_is_being_published_is_not_lost_to_somebody_who_forgets_it(store: Store) -> None:
    for round_ in range(12):
        await keep(store, f"r{round_}")
        number = len(await store.bundles.history(1000)) + 1
        told = await asyncio.gather(
            store.bundles.publish(made(number, f"r{round_}")), store.bundles.forget(f"r{round_}"), return_exceptions=True
        )
        assert all(one is None or isinstance(one, bool | Conflict | ConfigError) for one in told), told
        current = await store.bundles.history(1)
        if current:
            assert await store.bundles.bundle(current[0].version) is not None
