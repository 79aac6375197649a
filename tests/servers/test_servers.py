"""The private servers keep their port and their data over a crash, and Redis can lose everything on purpose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pymongo import MongoClient
from redis import Redis

from tests.servers.mongod import MongodServer
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.services


def test_redis_keeps_its_data_over_a_restart_and_loses_it_when_wiped(new_redis: Callable[[], RedisServer]) -> None:
    server = new_redis()
    with Redis.from_url(server.url, protocol=2) as client:
        client.set("kept", "yes")
        server.restart()
        assert client.get("kept") == b"yes"
        server.wipe()
        assert client.get("kept") is None
    server.close()


def test_mongod_is_a_writable_replica_set_again_after_a_crash(new_mongod: Callable[[], MongodServer]) -> None:
    server = new_mongod()
    server.kill()
    server.start()
    with MongoClient[dict[str, object]](server.url) as client:
        client["proof"]["rows"].insert_one({"_id": 1})
        assert client["proof"]["rows"].count_documents({}) == 1
    server.close()
