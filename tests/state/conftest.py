"""Engines for the contract of fast state. Every test that asks for ``client`` runs on Valkey, on Redis and on a Cluster node.

The cluster node owns all slots: it serves every key, and refuses a script whose keys lie in two slots.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis

from bot.adapters.memory import MemoryCaps
from bot.adapters.redis import Coalescing, RedisCaps, RedisCensus, RedisDeliveries, RedisDirectory, RedisSessions, RedisTimers
from bot.ports.sessions import Caps
from tests.sealed import SEALS
from tests.servers.embedded import EmbeddedValkey, ValkeyServer
from tests.servers.ports import free_port


@pytest.fixture(scope="session")
def valkey_url(new_embedded: Callable[[], EmbeddedValkey]) -> str:
    return new_embedded().url


@pytest.fixture(scope="session")
def cluster_url() -> Iterator[str]:
    server = ValkeyServer("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    try:
        server.start()
        with Redis.from_url(server.url, protocol=2) as admin:
            admin.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
            deadline = time.monotonic() + 60
            while b"cluster_state:ok" not in admin.execute_command("CLUSTER", "INFO", NEVER_DECODE=True):
                assert time.monotonic() < deadline, "the cluster does not form"
                time.sleep(0.05)
        yield server.url
    finally:
        server.close()


@pytest.fixture(params=["valkey", pytest.param("redis", marks=pytest.mark.services), "cluster"])
def engine_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def prefix(engine_url: str) -> Iterator[str]:
    """A key prefix of this test alone; what stands under it is deleted afterwards."""
    name = f"test-{secrets.token_hex(4)}"
    wipe_keys(engine_url, name)
    yield name
    wipe_keys(engine_url, name)


@pytest.fixture
def wipe(engine_url: str, prefix: str) -> Callable[[], None]:
    """The engine loses all that this test put there."""
    return lambda: wipe_keys(engine_url, prefix)


@pytest.fixture
def admin(engine_url: str) -> Iterator[Redis]:
    with Redis.from_url(engine_url, protocol=2) as client:
        yield client


@pytest.fixture
async def client(engine_url: str) -> AsyncIterator[Coalescing]:
    async with Coalescing.open(engine_url, timeout=30.0) as client:
        yield client


@pytest.fixture
def sessions(client: Coalescing, prefix: str) -> RedisSessions:
    return RedisSessions(client, prefix, seals=SEALS)


@pytest.fixture
def deliveries(client: Coalescing, prefix: str) -> RedisDeliveries:
    return RedisDeliveries(client, prefix, seals=SEALS)


@pytest.fixture(params=["valkey", pytest.param("redis", marks=pytest.mark.services), "cluster", "memory"])
async def caps(request: pytest.FixtureRequest) -> AsyncIterator[Caps]:
    """On every engine, and the count that rehearsals use."""
    if request.param == "memory":
        yield MemoryCaps()
        return
    url, prefix = request.getfixturevalue(f"{request.param}_url"), f"test-{secrets.token_hex(4)}"
    async with Coalescing.open(url, timeout=30.0) as client:
        yield RedisCaps(client, prefix)
    wipe_keys(url, prefix)


@pytest.fixture
def census(client: Coalescing, prefix: str) -> RedisCensus:
    return RedisCensus(client, prefix, seals=SEALS)


@pytest.fixture
def timers(client: Coalescing, prefix: str) -> RedisTimers:
    return RedisTimers(client, prefix, seals=SEALS)


@pytest.fixture
def directory(client: Coalescing, prefix: str) -> RedisDirectory:
    return RedisDirectory(client, prefix, seals=SEALS)


def wipe_keys(url: str, prefix: str) -> None:
    with Redis.from_url(url, protocol=2) as admin:
        for key in admin.scan_iter(match=f"{prefix}:*", count=1000):
            admin.delete(key)


@pytest.fixture
def short_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose path leaves room for the name of a socket."""
    return tmp_path_factory.mktemp("e")
