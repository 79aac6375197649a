"""Keys of people under other ids. Timers go: they are set again from the store, at the shards of the new ids."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import cast

from bot.adapters.redis.coalesce import Coalescing, Part
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.walk import walk
from bot.ports.moving import Names
from bot.ports.resealing import Step
from bot.sealing.seals import Seals

_OF_PERSON = re.compile(r"\{([^}]+)\}:([^:]+)(:.*)?")
_TIMERS = re.compile(r"\{t\d+\}:(z|h|bad)")


class RedisMoving:
    """Implements ``bot.ports.moving.Moving``. Receipts, tokens and links lie under blind names and hold no ids."""

    place = "sessions"

    def __init__(self, client: Coalescing, prefix: str = "pc", *, seals: Seals) -> None:
        self._client, self._prefix, self._seals = client, prefix, seals
        self._keys = Keys(prefix)

    async def steps(self, names: Names, *, write: bool) -> AsyncIterator[Step]:
        async for step in walk(self._client, self._prefix, lambda key: self._one(key, names, write)):
            yield step

    async def _one(self, key: str, names: Names, write: bool) -> int:
        name = key[len(self._prefix) + 1 :]
        if _TIMERS.fullmatch(name):
            if write:
                await self._client.call("DEL", self._keys.intact())  # first: without it they are set again
                await self._client.call("DEL", key)
            return 0
        found = _OF_PERSON.fullmatch(name)
        if found is None:
            return 0
        copy = await self._copy(key, names.text(key), found[1], found[2], names)
        if names.text(found[1]) == found[1]:
            return 0  # what is in it was looked at all the same
        if write and copy:
            await names.settle()
            left = int(await self._client.call("PTTL", key))
            await self._client.call("DEL", names.text(key))
            for words in copy:
                await self._client.call(*words)
            if left > 0:
                await self._client.call("PEXPIRE", names.text(key), left)
            await self._client.call("DEL", key)
        return int(bool(copy))

    async def _copy(self, key: str, target: str, person: str, kind: str, names: Names) -> list[tuple[Part, ...]]:
        """The commands that make the same under the new id."""
        match await self._client.call("TYPE", key):
            case b"string":
                return [("SET", target, names.raw(await self._client.call("GET", key)))]
            case b"zset":
                flat = cast("list[bytes]", await self._client.call("ZRANGE", key, 0, -1, "WITHSCORES"))
                pairs = [part for one, at in zip(flat[::2], flat[1::2], strict=True) for part in (at, names.raw(one))]
                return [("ZADD", target, *pairs)]
            case b"hash":
                fields = cast("list[bytes]", await self._client.call("HGETALL", key))
                made: list[Part] = []
                for name, value in zip(fields[::2], fields[1::2], strict=True):
                    made += [names.raw(name), self._value(person, kind, name.decode(), value, names)]
                return [("HSET", target, *made)]
            case _:
                return []  # it ended meanwhile

    def _value(self, person: str, kind: str, field: str, value: bytes, names: Names) -> bytes:
        """Behind so many marks stands what is sealed, for a place that has the person in its name."""
        new, place = names.text(person), names.text(field)
        match kind:
            case "s" if field == "d" or field.startswith("o:"):
                return self._again(value, 0, ("session", person, field), ("session", new, place), names)
            case "q":
                return self._again(value, 1, ("asked", person, field), ("asked", new, place), names)
            case "d" if value.startswith(b"s|"):
                before = ("delivery", f"{person}/{field}", "message")
                return self._again(value, 2, before, ("delivery", f"{new}/{place}", "message"), names)
            case _:
                return names.raw(value)

    def _again(self, value: bytes, marks: int, before: tuple[str, str, str], after: tuple[str, str, str], names: Names) -> bytes:
        head = b"".join(part + b"|" for part in value.split(b"|", marks)[:marks])
        return head + self._seals.seal(names.raw(self._seals.open(value[len(head) :], *before)), *after)
