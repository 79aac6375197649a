"""Servers for tests: private ones, or those that ``PROCARE_TEST_*_URL`` name.

A named server may be somebody's: each run then works under its own prefix or database and deletes only that.
A server that is missing skips the test with a plain reason on a laptop and fails it where ``CI`` is set.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TypeVar

import pytest
from redis import Redis

from tests.servers.embedded import EmbeddedValkey
from tests.servers.mongod import MongodServer, drop_database
from tests.servers.process import ServerMissing, ServerProcess
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer
from tests.servers.s3 import S3Server

Server = TypeVar("Server", bound=ServerProcess)


def missing(reason: str) -> None:
    """Skip, or fail in CI, where a skipped suite would look like a passed one."""
    if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _factory(make: Callable[[], Server], stack: ExitStack) -> Callable[[], Server]:
    def started() -> Server:
        server = make()
        stack.callback(server.close)
        try:
            server.start()
        except ServerMissing as reason:
            missing(str(reason))
        return server

    return started


@pytest.fixture(scope="session")
def new_rabbitmq() -> Iterator[Callable[[], RabbitmqServer]]:
    """Call it for a private broker that the test may kill. It is closed at the end of the run."""
    with ExitStack() as stack:
        yield _factory(RabbitmqServer, stack)


@pytest.fixture(scope="session")
def new_redis() -> Iterator[Callable[[], RedisServer]]:
    """Call it for a private Redis that the test may kill and wipe. It is closed at the end of the run."""
    with ExitStack() as stack:
        yield _factory(RedisServer, stack)


@pytest.fixture(scope="session")
def new_embedded() -> Iterator[Callable[[], EmbeddedValkey]]:
    """Call it for an embedded Valkey that the test may kill. It is closed at the end of the run."""
    with ExitStack() as stack:
        yield _factory(EmbeddedValkey, stack)


@pytest.fixture(scope="session")
def embedded_url(new_embedded: Callable[[], EmbeddedValkey]) -> str:
    """The engine of the embedded default, for the whole run."""
    return new_embedded().url


@pytest.fixture(scope="session")
def new_mongod() -> Iterator[Callable[[], MongodServer]]:
    """Call it for a private MongoDB that the test may kill. It is closed at the end of the run."""
    with ExitStack() as stack:
        yield _factory(MongodServer, stack)


@pytest.fixture(scope="session")
def rabbitmq_url(new_rabbitmq: Callable[[], RabbitmqServer]) -> str:
    """A broker for the whole run. Use queue names of your own and delete them: it may be somebody's."""
    return os.environ.get("PROCARE_TEST_RABBITMQ_URL") or new_rabbitmq().url


@pytest.fixture(scope="session")
def redis_url(new_redis: Callable[[], RedisServer]) -> str:
    """A Redis for the whole run. Put every key under ``redis_prefix``: it may be somebody's."""
    return os.environ.get("PROCARE_TEST_REDIS_URL") or new_redis().url


@pytest.fixture
def redis_prefix(redis_url: str) -> Iterator[str]:
    """A key prefix of this test alone. What stands under it is deleted afterwards."""
    prefix = f"test-{secrets.token_hex(4)}"
    yield prefix
    with Redis.from_url(redis_url, protocol=2) as client:
        for key in client.scan_iter(match=f"*{prefix}*", count=1000):
            client.delete(key)


@pytest.fixture(scope="session")
def mongodb_url(new_mongod: Callable[[], MongodServer]) -> str:
    """A replica set for the whole run. Work in ``mongodb_database``: it may be somebody's."""
    return os.environ.get("PROCARE_TEST_MONGODB_URL") or new_mongod().url


@pytest.fixture
def mongodb_database(mongodb_url: str) -> Iterator[str]:
    """The name of a database of this test alone. It is dropped afterwards."""
    name = f"test_{secrets.token_hex(4)}"
    yield name
    drop_database(mongodb_url, name)


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    server = S3Server()
    try:
        server.start()
        yield server
    finally:
        server.close()
