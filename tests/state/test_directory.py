from __future__ import annotations

import pytest
from redis import Redis

from bot.adapters.redis import RedisDirectory
from bot.errors import Malformed
from bot.model.events import ChannelState

NOW = 1_764_000_000.5


async def test_a_hidden_number_finds_its_phone(directory: RedisDirectory) -> None:
    assert await directory.phone_of("1234") is None
    assert await directory.link("1234", "910000000001") is True
    assert await directory.link("1234", "910000000001") is False
    assert await directory.phone_of("1234") == "910000000001"
    assert await directory.link("1234", "910000000002") is True
    assert await directory.phone_of("1234") == "910000000002"


async def test_the_latest_word_on_a_channel_stands(directory: RedisDirectory) -> None:
    assert await directory.channels() == []
    opened = ChannelState("main", "open", NOW + 1)
    other = ChannelState("क्लिनिक", "close", NOW, "401 | logged out")
    await directory.set_channel(opened)
    await directory.set_channel(other)
    await directory.set_channel(ChannelState("main", "close", NOW))
    assert await directory.channels() == [opened, other]
    closed = ChannelState("main", "close", NOW + 1)
    await directory.set_channel(closed)
    assert await directory.channels() == [closed, other]


async def test_an_unreadable_channel_is_malformed(directory: RedisDirectory, admin: Redis, prefix: str) -> None:
    admin.hset(f"{prefix}:channels", "main", "open")
    with pytest.raises(Malformed):
        await directory.channels()


async def test_members_live_as_long_as_their_heart_beats(directory: RedisDirectory) -> None:
    assert await directory.heartbeat("workers", "b", now=NOW, ttl=10) == ["b"]
    assert await directory.heartbeat("workers", "a", now=NOW + 5, ttl=10) == ["a", "b"]
    assert await directory.heartbeat("senders", "c", now=NOW + 5, ttl=10) == ["c"]
    assert await directory.heartbeat("workers", "a", now=NOW + 9.9, ttl=10) == ["a", "b"]
    assert await directory.heartbeat("workers", "a", now=NOW + 10, ttl=10) == ["a"]
    assert await directory.members("workers", now=NOW + 10) == ["a"]
    assert await directory.members("workers", now=NOW + 20) == []
    assert await directory.members("nobody", now=NOW) == []
    await directory.leave("workers", "a")
    await directory.leave("workers", "a")
    assert await directory.heartbeat("workers", "b", now=NOW + 11, ttl=10) == ["b"]


async def test_nobody_lives_an_hour_longer_because_a_clock_went_back(directory: RedisDirectory) -> None:
    for member in ("dead", "a"):
        await directory.heartbeat("workers", member, now=NOW + 3600.5, ttl=10)
    assert await directory.heartbeat("workers", "a", now=NOW, ttl=10) == ["a"], "the dead one's partitions are taken over"
    assert await directory.heartbeat("workers", "ahead", now=NOW + 30.5, ttl=10) == ["ahead"], "by a little, clocks differ"
    assert await directory.heartbeat("workers", "a", now=NOW, ttl=10) == ["a", "ahead"]


async def test_a_living_engine_answers(directory: RedisDirectory) -> None:
    await directory.ping()
