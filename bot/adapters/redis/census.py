"""Who stands where, read off all sessions. For people who publish and for tidying up, never for a turn."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import cast

from bot.adapters.redis.coalesce import Coalescing
from bot.errors import Malformed
from bot.model.codec import decode_standing
from bot.ports.sessions import CensusPage
from bot.sealing.seals import UNSEALED, Seals

PAGE = 1000  # keys that the engine looks at in one step; it serves others between two steps


class RedisCensus:
    """Implements ``bot.ports.sessions.Census``. Each command touches one key, so it holds for one node of a Cluster as well."""

    def __init__(self, client: Coalescing, prefix: str = "pc", *, seals: Seals = UNSEALED) -> None:
        self._client, self._seals = client, seals
        self._pattern = re.sub(r"([*?\[\]\\])", r"\\\1", prefix) + ":{*}:s"

    async def pages(self, most: int) -> AsyncIterator[CensusPage]:
        cursor, seen = b"0", set[bytes]()
        while len(seen) <= most:
            cursor, keys = cast(
                "tuple[bytes, list[bytes]]", await self._client.call("SCAN", cursor, "MATCH", self._pattern, "COUNT", PAGE)
            )
            fresh = [key for key in dict.fromkeys(keys) if key not in seen]  # the engine may name a key twice
            seen.update(fresh)
            if fresh:
                raw = cast("list[bytes | None]", await self._client.calls(*[("HGET", key, "d") for key in fresh]))
                yield self._page(fresh, raw)
            if cursor == b"0":
                return
        yield CensusPage([], 0, complete=False)

    def _page(self, keys: list[bytes], sessions: list[bytes | None]) -> CensusPage:
        people, unreadable = [], 0
        for key, raw in zip(keys, sessions, strict=True):
            if raw is None:
                continue  # it ended between the two commands
            person = key.decode().partition("{")[2].rpartition("}")[0]
            try:
                people.append(decode_standing(self._seals.open(raw, "session", person, "d")))
            except Malformed:
                unreadable += 1
        return CensusPage(people, unreadable)
