"""Hidden numbers, channel states and who is alive."""

from __future__ import annotations

import math
from typing import cast

from msgspec import DecodeError, ValidationError
from msgspec.json import Decoder

from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.errors import Malformed
from bot.model.codec import encode
from bot.model.events import ChannelState

KEEP_LINK = 180 * 86_400  # seconds since the link was last told; the durable store keeps it for good

_channel = script("channel")
_heartbeat = script("heartbeat")
_states: Decoder[ChannelState] = Decoder(ChannelState)


class RedisDirectory:
    """Implements ``bot.ports.sessions.Directory``."""

    def __init__(self, client: Coalescing, prefix: str = "pc") -> None:
        self._client = client
        self._keys = Keys(prefix)

    async def phone_of(self, lid: str) -> str | None:
        raw: bytes | None = await self._client.call("GET", self._keys.hidden(lid))
        return None if raw is None else raw.decode()

    async def link(self, lid: str, phone: str) -> bool:
        before: bytes | None = await self._client.call("SET", self._keys.hidden(lid), phone, "EX", KEEP_LINK, "GET")
        return before != phone.encode()  # a number that moved to another phone counts as new

    async def set_channel(self, state: ChannelState) -> None:
        await self._client.run(_channel, (self._keys.channels(),), state.instance, state.at, encode(state))

    async def channels(self) -> list[ChannelState]:
        """By name of instance."""
        raw = cast("list[bytes]", await self._client.call("HVALS", self._keys.channels()))
        try:
            states = [_states.decode(value.partition(b"|")[2]) for value in raw]
        except (ValidationError, DecodeError, UnicodeDecodeError) as error:
            raise Malformed("A stored channel state is unreadable.", code="channel_unreadable") from error
        return sorted(states, key=lambda state: state.instance)

    async def heartbeat(self, group: str, member: str, *, now: float, ttl: float) -> list[str]:
        keys = (self._keys.members(group),)
        living = cast("list[bytes]", await self._client.run(_heartbeat, keys, member, now, now + ttl, max(1, math.ceil(ttl * 2))))
        return sorted(name.decode() for name in living)

    async def members(self, group: str, *, now: float) -> list[str]:
        found = await self._client.call("ZRANGEBYSCORE", self._keys.members(group), f"({now}", "+inf")
        return sorted(name.decode() for name in cast("list[bytes]", found))

    async def leave(self, group: str, member: str) -> None:
        await self._client.call("ZREM", self._keys.members(group), member)

    async def ping(self) -> None:
        await self._client.call("PING")
