"""Token buckets."""

from __future__ import annotations

from collections.abc import Sequence

from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.ports.buckets import Bucket

_bucket = script("bucket")


class RedisBuckets:
    """Implements ``bot.ports.buckets.Buckets``. A bucket that is full again has no key: it costs nothing."""

    def __init__(self, client: Coalescing, prefix: str = "pc") -> None:
        self._client = client
        self._keys = Keys(prefix)

    async def take(self, buckets: Sequence[Bucket], count: int = 1, *, now: float) -> bool:
        keys = tuple(self._keys.bucket(one.name, one.person) for one in buckets)
        sizes = [part for one in buckets for part in (one.burst, one.per_second)]
        return bool(await self._client.run(_bucket, keys, f"{now:.6f}", count, *sizes))
