"""Addresses, and a real failover through a Sentinel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from redis import Redis

from bot.adapters.redis import Coalescing
from bot.adapters.redis.address import _parts
from bot.errors import ConfigError, SessionsUnavailable
from tests.servers.redis import RedisServer


class SentinelServer(RedisServer):
    """Watches one master under the name ``care`` and needs only itself to agree on a failover."""

    name = "sentinel"

    def __init__(self, master: RedisServer) -> None:
        super().__init__()
        (self.folder / "sentinel.conf").write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.folder}\n"
            f"sentinel monitor care 127.0.0.1 {master.port} 1\n"
            "sentinel down-after-milliseconds care 500\nsentinel failover-timeout care 3000\n"
        )

    def command(self) -> list[str]:
        return [super().command()[0], str(self.folder / "sentinel.conf"), "--sentinel"]


@pytest.fixture
def watched(new_redis: Callable[[], RedisServer]) -> Iterator[tuple[RedisServer, RedisServer, SentinelServer]]:
    master, replica = new_redis(), new_redis()
    with ExitStack() as stack:
        stack.callback(master.close)
        stack.callback(replica.close)
        with Redis(port=replica.port, protocol=2) as admin:
            admin.replicaof("127.0.0.1", str(master.port))
        sentinel = SentinelServer(master)
        stack.callback(sentinel.close)
        sentinel.start()
        yield master, replica, sentinel


async def until(client: Coalescing, words: tuple[str, ...], wanted: Callable[[object], bool]) -> None:
    while True:
        try:
            if wanted(await client.call(*words)):
                return
        except SessionsUnavailable:
            continue
        await asyncio.sleep(0.02)


@pytest.mark.services
async def test_after_a_failover_commands_reach_the_new_master(
    watched: tuple[RedisServer, RedisServer, SentinelServer],
) -> None:
    master, replica, sentinel = watched
    async with (
        asyncio.timeout(100.0),
        Coalescing.open(f"redis+sentinel://127.0.0.1:{sentinel.port}/care/0", timeout=1.0) as client,
    ):
        await until(client, ("SET", "k", "v"), lambda reply: reply == b"OK")
        await until(client, ("WAIT", "1", "500"), lambda reply: reply == 1)
        async with Coalescing.open(f"redis://127.0.0.1:{sentinel.port}") as watcher:
            await until(watcher, ("SENTINEL", "REPLICAS", "care"), bool)
        await asyncio.to_thread(master.kill)
        await until(client, ("SET", "after", "v"), lambda reply: reply == b"OK")
        await until(client, ("GET", "k"), lambda reply: reply == b"v")
        with Redis(port=replica.port, protocol=2) as admin:
            assert admin.get("after") == b"v"


def test_the_parts_of_a_sentinel_address() -> None:
    assert _parts("redis+sentinel://u:p%40ss@a:1,b,[::1]:3/care/2") == (
        [("a", 1), ("b", 26379), ("::1", 3)],
        "care",
        {"db": 2, "ssl": False, "username": "u", "password": "p@ss"},
    )
    assert _parts("rediss+sentinel://a/care") == ([("a", 26379)], "care", {"db": 0, "ssl": True})
    trusting = {"db": 0, "ssl": True, "ssl_ca_certs": "/ca.pem"}
    assert _parts("rediss+sentinel://a/care?ssl_ca_certs=/ca.pem") == ([("a", 26379)], "care", trusting)


@pytest.mark.parametrize(
    "url",
    ["", "http://x", "redis://:secret@h:port", "redis+sentinel://h", "redis+sentinel://h:x/care", "redis+sentinel:///care"],
)
async def test_an_address_that_cannot_be_read_is_a_matter_of_configuration(url: str) -> None:
    with pytest.raises(ConfigError) as refused:
        async with Coalescing.open(url):
            pass
    assert "secret" not in str(refused.value)
