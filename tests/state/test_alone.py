"""A start refuses a Redis Cluster of several nodes, which would answer a part of the people only."""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack

import pytest
from redis import Redis

from bot.adapters.redis.alone import refuse_cluster
from bot.adapters.redis.coalesce import Coalescing
from bot.errors import ConfigError
from tests.servers.embedded import ValkeyServer
from tests.servers.ports import free_port


def _settled(nodes: list[Redis]) -> bool:
    words = ("CLUSTER", "INFO")
    return all(b"cluster_size:2" in node.execute_command(*words, NEVER_DECODE=True) for node in nodes)  # type: ignore[no-untyped-call]


async def test_one_server_is_taken(client: Coalescing) -> None:
    """Also one that is a whole cluster by itself."""
    await refuse_cluster(client)


async def test_a_node_of_several_is_refused() -> None:
    between = [free_port(), free_port()]
    one, two = (ValkeyServer("--cluster-enabled", "yes", "--cluster-port", str(port)) for port in between)
    with ExitStack() as stack:
        for server in (one, two):
            stack.callback(server.close)
            await asyncio.to_thread(server.start)
        first, second = (stack.enter_context(Redis.from_url(server.url, protocol=2)) for server in (one, two))
        first.execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 8000)
        second.execute_command("CLUSTER", "ADDSLOTSRANGE", 8001, 16383)
        second.execute_command("CLUSTER", "SET-CONFIG-EPOCH", 2)
        first.execute_command("CLUSTER", "MEET", "127.0.0.1", two.port, between[1])
        deadline = time.monotonic() + 60
        while not _settled([first, second]):
            assert time.monotonic() < deadline, "the cluster does not form"
            await asyncio.sleep(0.05)
        async with Coalescing.open(one.url) as client:
            with pytest.raises(ConfigError, match="Redis Cluster, which is not supported"):
                await refuse_cluster(client)
