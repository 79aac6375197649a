"""Wake-ups, sharded by person; taken for a lease, so that a scheduler that dies loses none."""

from __future__ import annotations

import logging

from msgspec import DecodeError, ValidationError
from msgspec.json import Decoder

from bot.adapters.redis.coalesce import Coalescing, Part
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.errors import Malformed
from bot.model.codec import encode
from bot.model.effects import WakeAt
from bot.model.ids import EffectId, PersonId
from bot.sealing.seals import UNSEALED, Seals

log = logging.getLogger(__name__)

_set = script("timer_set")
_cancel = script("timer_cancel")
_claim = script("timer_claim")
_done = script("timer_done")
_park = script("timer_park")
_wakes: Decoder[WakeAt] = Decoder(WakeAt)


class RedisTimers:
    """Implements ``bot.ports.sessions.Timers``. ``shards`` must be the same in every process of one deployment."""

    def __init__(self, client: Coalescing, prefix: str = "pc", *, seals: Seals = UNSEALED, shards: int = 16) -> None:
        self._client, self._seals = client, seals
        self._keys = Keys(prefix)
        self._shards = shards
        self._first = 0  # the shard that is asked first; moves on, so that none starves under a small limit

    async def set(self, wake: WakeAt) -> None:
        name = _name(wake.person, wake.id)
        payload = f"{wake.at!r}|".encode() + self._seals.seal(encode(wake), "timer", name, "wake")
        await self._client.run(_set, self._keys.timers_of(wake.person, self._shards), name, wake.at, payload)

    async def cancel(self, person: PersonId, timer: EffectId) -> None:
        await self._client.run(_cancel, self._keys.timers_of(person, self._shards), _name(person, timer))

    async def claim_due(self, now: float, limit: int, lease: float) -> list[WakeAt]:
        shards = [(self._first + step) % self._shards for step in range(self._shards)]
        self._first = (self._first + 1) % self._shards
        taken: list[WakeAt] = []
        room = limit
        while shards and room > 0:
            share = max(1, room // len(shards))
            asked, shards = shards[:room], shards[room:]
            calls: list[tuple[tuple[str, ...], tuple[Part, ...]]] = [
                (self._keys.timers(shard), (now, share, now + lease)) for shard in asked
            ]
            for shard, flat in zip(asked, await self._client.runs(_claim, calls), strict=True):
                taken += await self._readable(shard, flat)
                room -= len(flat) // 2
                if len(flat) // 2 == share:
                    shards.append(shard)  # it may have more
        return taken

    async def done(self, wake: WakeAt) -> None:
        keys = self._keys.timers_of(wake.person, self._shards)
        await self._client.run(_done, keys, _name(wake.person, wake.id), repr(wake.at))

    async def intact(self) -> bool:
        return bool(await self._client.call("EXISTS", self._keys.intact()))

    async def mark_intact(self) -> None:
        await self._client.call("SET", self._keys.intact(), 1)

    async def _readable(self, shard: int, flat: list[bytes]) -> list[WakeAt]:
        wakes: list[WakeAt] = []
        for name, payload in zip(flat[::2], flat[1::2], strict=True):
            try:
                wakes.append(_wakes.decode(self._seals.open(payload.partition(b"|")[2], "timer", name.decode(), "wake")))
            except (ValidationError, DecodeError, UnicodeDecodeError, Malformed) as error:
                # One unreadable timer must not stop the others, nor come back for ever.
                log.error("timer is unreadable", extra={"action": "timer_parked", "error": type(error).__name__})
                await self._client.run(_park, (*self._keys.timers(shard), self._keys.unreadable_timers(shard)), name, payload)
        return wakes


def _name(person: PersonId, timer: EffectId) -> str:
    return f"{person}|{timer}"
