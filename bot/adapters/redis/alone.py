"""One server holds all keys: a Redis Cluster, whose nodes send a client on from one to another, is refused."""

from __future__ import annotations

import re

from bot.adapters.redis.coalesce import Coalescing
from bot.errors import BotError, ConfigError

_SIZE = re.compile(rb"cluster_size:(\d+)")


async def refuse_cluster(client: Coalescing) -> None:
    """Raises ConfigError. Without this a start would look well, and only those people be answered whose keys lie on that node."""
    try:
        told: bytes = await client.call("CLUSTER", "INFO")
    except BotError:
        return  # no cluster; or an account that may not ask, as those of older releases
    found = _SIZE.search(told)
    if found and int(found[1]) > 1:
        raise ConfigError(
            "PROCARE_REDIS_URL names a node of a Redis Cluster, which is not supported: use one server, or a primary and "
            "replicas with Sentinel (redis+sentinel://...)"
        )
