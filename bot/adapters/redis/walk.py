"""Every key of an installation, a page at a time, for work that changes what lies under them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import cast

from bot.adapters.redis.coalesce import Coalescing, Part
from bot.errors import Malformed
from bot.ports.resealing import Step

PAGE = 1000  # keys that the engine looks at in one step


async def walk(client: Coalescing, prefix: str, one: Callable[[str], Awaitable[int]]) -> AsyncIterator[Step]:
    """``one`` does its work on a key and returns how much that was; Malformed counts as unreadable.

    The engine may name a key twice."""
    cursor = b"0"
    pattern = re.sub(r"([*?\[\]\\])", r"\\\1", prefix) + ":*"
    while True:
        words: tuple[Part, ...] = ("SCAN", cursor, "MATCH", pattern, "COUNT", PAGE)
        cursor, keys = cast("tuple[bytes, list[bytes]]", await client.call(*words))
        done = unreadable = 0
        for key in keys:
            try:
                done += await one(key.decode())
            except Malformed:
                unreadable += 1
        yield Step(done, unreadable)
        if cursor == b"0":
            return
