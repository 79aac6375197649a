"""Hidden numbers, channel states and who is alive."""

from __future__ import annotations

import math
from typing import cast

import msgspec
from msgspec import DecodeError, ValidationError
from msgspec.json import Decoder

from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.errors import Malformed
from bot.model.codec import encode
from bot.model.events import ChannelState
from bot.sealing.seals import UNSEALED, Seals

KEEP_LINK = 180 * 86_400  # seconds since the link was last told; the durable store keeps it for good

_links: Decoder[tuple[str, str]] = Decoder(tuple[str, str])
_channel = script("channel")
_heartbeat = script("heartbeat")
_states: Decoder[ChannelState] = Decoder(ChannelState)


class RedisDirectory:
    """Implements ``bot.ports.sessions.Directory``."""

    def __init__(self, client: Coalescing, prefix: str = "pc", *, seals: Seals = UNSEALED) -> None:
        self._client, self._seals = client, seals
        self._keys = Keys(prefix)

    async def phone_of(self, lid: str) -> str | None:
        name = self._seals.blind("lid", lid)
        held: list[bytes | None] = await self._client.calls(
            ("GET", self._keys.hidden(name)),
            ("GET", self._keys.hidden(lid)),  # the second: from before there were keys
        )
        return next((linked(raw, name, self._seals)[1] for raw in held if raw is not None), None)

    async def link(self, lid: str, phone: str) -> bool:
        name = self._seals.blind("lid", lid)
        held = self._seals.seal(msgspec.json.encode((lid, phone)), "lid", name, "phone")
        before: bytes | None = await self._client.call("SET", self._keys.hidden(name), held, "EX", KEEP_LINK, "GET")
        if before is None and name != lid:
            before = await self._client.call("GETDEL", self._keys.hidden(lid))  # from before there were keys
        return before is None or linked(before, name, self._seals)[1] != phone  # one that moved to another phone counts as new

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

    async def backed_up(self, at: float) -> None:
        await self._client.call("SET", self._keys.backup(), at)

    async def last_backup(self) -> float | None:
        held: bytes | None = await self._client.call("GET", self._keys.backup())
        try:
            return None if held is None else float(held)
        except ValueError as error:
            raise Malformed("The stored time of the newest backup is unreadable.", code="backup_time_unreadable") from error

    async def ping(self) -> None:
        await self._client.call("PING")


def linked(held: bytes, name: str, seals: Seals) -> tuple[str, str]:
    """The hidden number and the phone of a link. One from before there were keys is the phone alone, under the number itself."""
    raw = seals.open(held, "lid", name, "phone")
    try:
        return _links.decode(raw) if raw.startswith(b"[") else (name, raw.decode())
    except (ValidationError, DecodeError, UnicodeDecodeError) as error:
        raise Malformed("A stored link is unreadable.", code="link_unreadable") from error
