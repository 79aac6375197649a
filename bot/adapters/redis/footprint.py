"""What Redis holds of people: found by walking all keys in steps, for people who look or erase, never for a turn."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from typing import cast

from bot.adapters.redis.coalesce import Coalescing, Part
from bot.adapters.redis.deliveries import RedisDeliveries
from bot.adapters.redis.directory import linked
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.model.ids import GatewayId, PersonId, person_of
from bot.ports.remains import Remain
from bot.sealing.seals import UNSEALED, Seals

PAGE = 1000  # keys that the engine looks at in one step; it serves others between two steps
_forget = script("forget")


class RedisFootprint:
    """Implements ``bot.ports.remains.Footprint``. Receipts and tokens lie under ids of messages: they go with the deliveries that
    name them, and by themselves within a week."""

    def __init__(self, client: Coalescing, prefix: str = "pc", *, seals: Seals = UNSEALED) -> None:
        self._client, self._seals = client, seals
        self._deliveries = RedisDeliveries(client, prefix, seals=seals)
        self._keys = Keys(prefix)
        self._prefix = prefix
        self._literal = re.sub(r"([*?\[\]\\])", r"\\\1", prefix)

    async def remains(self, people: Sequence[PersonId]) -> list[Remain]:
        found: list[Remain] = []
        for whose, names in (await self._of(people)).items():
            newest = await self._client.call("ZREVRANGE", self._keys.seen(whose), 0, 0, "WITHSCORES")
            at = float(newest[1]) if newest else None
            start = len(f"{self._prefix}:{{{whose}}}:")
            found += [Remain("state", name[start:].partition(":")[0], whose, at) for name in sorted(names)]
        found += [Remain("links", "", lid) for _, lid in await self._hidden(people)]
        return found + [Remain("timers", "", name.decode()) for _, name in await self._timers(people)]

    async def forget(self, people: Sequence[PersonId], until: float) -> None:
        for whose, names in (await self._of(people)).items():
            sent = await self._deliveries.known_ids(whose)
            seen = self._keys.seen(whose)
            if await self._client.run(_forget, (seen, *(names - {seen})), until):
                await self._drop_receipts(sent)
        for key, _ in await self._hidden(people):
            await self._client.call("DEL", key)
        active = {one for one in people if await self._client.call("EXISTS", self._keys.session(one))}
        for key, name in await self._timers([one for one in people if one not in active]):
            await self._client.call("HDEL", key, name)
            await self._client.call("ZREM", f"{key.rpartition(':')[0]}:z", name)

    async def _of(self, people: Sequence[PersonId]) -> dict[PersonId, set[str]]:
        """Keys by whose they are."""
        found: defaultdict[PersonId, set[str]] = defaultdict(set)
        for person in people:
            for tag in (person, f"{person}.*"):
                async for key in self._scan(f"{self._literal}:{{{tag}}}:*"):
                    found[PersonId(key[len(self._prefix) + 2 :].partition("}")[0])].add(key)
        return found

    async def _hidden(self, people: Sequence[PersonId]) -> list[tuple[str, str]]:
        """Keys of links with their hidden numbers."""
        wanted, found = set(people), []
        async for key in self._scan(f"{self._literal}:lid:*"):
            held: bytes | None = await self._client.call("GET", key)
            if held is None:
                continue  # it ended between the two commands
            lid, phone = linked(held, key[len(self._prefix) + 5 :], self._seals)
            if wanted & {person_of(f"phone:{phone}"), person_of(f"lid:{lid}")}:
                found.append((key, lid))
        return found

    async def _timers(self, people: Sequence[PersonId]) -> list[tuple[str, bytes]]:
        """Timers with the hash that holds them, the unreadable ones too."""
        whose = tuple(mark.encode() for person in people for mark in (f"{person}|", f"{person}."))
        found: list[tuple[str, bytes]] = []
        for kind in ("h", "bad"):
            async for key in self._scan(f"{self._literal}:{{t*}}:{kind}"):
                names = cast("list[bytes]", await self._client.call("HKEYS", key))
                found += [(key, name) for name in names if name.startswith(whose)]
        return found

    async def _drop_receipts(self, sent: set[GatewayId]) -> None:
        if not sent:
            return
        for gateway_id in sent:
            for name in (self._seals.blind("message", gateway_id), gateway_id):
                await self._client.call("DEL", self._keys.receipt(name))
        async for key in self._scan(f"{self._literal}:w:*"):
            carried = await self._deliveries.carrier(key[len(self._prefix) + 3 :])
            if carried is not None and carried[0] in sent:
                await self._client.call("DEL", key)

    async def _scan(self, pattern: str) -> AsyncIterator[str]:
        cursor, had = b"0", set[bytes]()
        while True:
            words: tuple[Part, ...] = ("SCAN", cursor, "MATCH", pattern, "COUNT", PAGE)
            cursor, keys = cast("tuple[bytes, list[bytes]]", await self._client.call(*words))
            for key in keys:
                if key not in had:  # the engine may name a key twice
                    had.add(key)
                    yield key.decode()
            if cursor == b"0":
                return
