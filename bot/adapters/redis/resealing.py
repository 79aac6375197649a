"""Values in Redis sealed anew: all keys are walked in steps. Times to live stay."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import cast

import msgspec

from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.directory import linked
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.adapters.redis.walk import walk
from bot.ports.resealing import Step
from bot.sealing.seals import Seals

_reseal = script("reseal")
_OF_PERSON = re.compile(r"\{(.+)\}:(s|q|d)")
_TIMERS = re.compile(r"\{t\d+\}:h")


class RedisResealing:
    """Implements ``bot.ports.resealing.Resealing``."""

    place = "sessions"

    def __init__(self, client: Coalescing, prefix: str = "pc", *, seals: Seals) -> None:
        self._client, self._prefix, self._seals = client, prefix, seals
        self._keys = Keys(prefix)

    async def steps(self) -> AsyncIterator[Step]:
        async for step in walk(self._client, self._prefix, self._one):
            yield step

    async def _one(self, key: str) -> int:
        name = key[len(self._prefix) + 1 :]
        if (found := _OF_PERSON.fullmatch(name)) is not None:
            return await self._hash(key, found[1], found[2])
        if _TIMERS.fullmatch(name):
            return await self._hash(key, "", "timer")
        if name.startswith("lid:"):
            return await self._link(key, name.removeprefix("lid:"))
        return 0  # ids, times and counts; receipts and tokens of older releases end within a week

    async def _hash(self, key: str, person: str, kind: str) -> int:
        fields = cast("list[bytes]", await self._client.call("HGETALL", key))
        done = 0
        for name, value in zip(fields[::2], fields[1::2], strict=True):
            if kind == "q" and value.partition(b"|")[2].startswith(b"{"):  # from before there were keys, under the id itself
                done += await self._question(key, person, name.decode(), value)
                continue
            after = self._after(person, kind, name.decode(), value)
            if after is not None:
                done += int(await self._client.run(_reseal, (key,), name, value, after))
        return done

    async def _question(self, key: str, person: str, gateway_id: str, value: bytes) -> int:
        blind, (at, _, asked) = self._seals.blind("message", gateway_id), value.partition(b"|")
        sealed = at + b"|" + self._seals.seal(asked, "asked", person, blind)
        await self._client.call("HSETNX", key, blind, sealed)
        return int(await self._client.call("HDEL", key, gateway_id))

    def _after(self, person: str, kind: str, field: str, value: bytes) -> bytes | None:
        """What belongs there instead; None: it may stay."""
        match kind:
            case "s" if field == "d" or field.startswith("o:"):
                return self._again(b"", value, "session", person, field)
            case "q":
                return self._split(value, 1, "asked", person, field)
            case "d" if value.startswith(b"s|"):
                return self._split(value, 2, "delivery", f"{person}/{field}", "message")
            case "timer":
                return self._split(value, 1, "timer", field, "wake")
            case _:
                return None

    def _split(self, value: bytes, marks: int, kind: str, id_: str, field: str) -> bytes | None:
        """Behind so many marks stands what is sealed."""
        head = b"|".join(value.split(b"|", marks)[:marks]) + b"|"
        return self._again(head, value[len(head) :], kind, id_, field)

    def _again(self, head: bytes, held: bytes, kind: str, id_: str, field: str) -> bytes | None:
        if self._seals.fresh(held):
            return None
        return head + self._seals.seal(self._seals.open(held, kind, id_, field), kind, id_, field)

    async def _link(self, key: str, name: str) -> int:
        held: bytes | None = await self._client.call("GET", key)
        if held is None or self._seals.fresh(held):
            return 0
        lid, phone = linked(held, name, self._seals)
        blind = self._seals.blind("lid", lid)
        sealed = self._seals.seal(msgspec.json.encode((lid, phone)), "lid", blind, "phone")
        seconds = max(1, int(await self._client.call("TTL", key)))
        if name == blind:
            await self._client.call("SET", key, sealed, "KEEPTTL", "XX")  # who was erased meanwhile does not come back
        else:  # the key is the hidden number itself
            await self._client.call("SET", self._keys.hidden(blind), sealed, "NX", "EX", seconds)
            await self._client.call("DEL", key)
        return 1
