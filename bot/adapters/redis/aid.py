"""First aid: what senders did is read, what an ingress did is written beside it: it needs no right to their claims."""

from __future__ import annotations

from collections.abc import Sequence

from bot.adapters.redis.coalesce import Coalescing, Part
from bot.adapters.redis.keys import Keys
from bot.model.ids import EffectId, GatewayId, InputId, PersonId, effect_of
from bot.ports.aid import Answered
from bot.sealing.seals import UNSEALED, Seals

ANSWERS = 6  # of a turn's effects, from the first, so many are looked at: one of them is a message where there is any
BEGUN = 15  # seconds; an ingress that died in the middle of it holds nobody else up for longer
KEEP = 3 * 86_400  # seconds; no repeat of a send comes later than that


class RedisAid:
    """Implements ``bot.ports.aid.Aid``."""

    def __init__(self, client: Coalescing, prefix: str = "pc", *, seals: Seals = UNSEALED) -> None:
        self._client, self._seals = client, seals
        self._keys = Keys(prefix)

    async def answered(self, inputs: Sequence[tuple[PersonId, InputId]]) -> list[Answered]:
        if not inputs:
            return []
        asked: list[tuple[Part, ...]] = []
        for person, cause in inputs:
            effects = (f"{cause}#e0", *(effect_of(cause, number) for number in range(ANSWERS)))
            asked.append(("HMGET", self._keys.deliveries(person), *effects))
        return [_answered(held) for held in await self._client.calls(*asked)]

    async def begin(self, person: PersonId, alarm: EffectId) -> bool:
        return await self._client.call("SET", self._keys.aid(person, alarm), b"", "NX", "EX", BEGUN) is not None

    async def given(self, person: PersonId, alarm: EffectId, gateway_id: GatewayId) -> None:
        name = self._seals.seal(gateway_id.encode(), "delivery", f"{person}/{alarm}", "message")
        await self._client.call("SET", self._keys.aid(person, alarm), name, "EX", KEEP)

    async def gave(self, person: PersonId, alarm: EffectId) -> GatewayId | None:
        held: bytes | None = await self._client.call("GET", self._keys.aid(person, alarm))
        if not held:
            return None
        return GatewayId(self._seals.open(held, "delivery", f"{person}/{alarm}", "message").decode())


def _answered(held: Sequence[bytes | None]) -> Answered:
    states = {entry[:1] for entry in held if entry}
    return "yes" if states & {b"s", b"f"} else "underway" if states else "no"
