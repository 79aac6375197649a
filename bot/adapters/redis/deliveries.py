"""Claims, outcomes and receipts of outbound messages."""

from __future__ import annotations

from typing import cast

from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.script import script
from bot.errors import Malformed
from bot.model.codec import decode_effect, encode
from bot.model.effects import Outbound
from bot.model.events import Receipt
from bot.model.ids import EffectId, GatewayId, PersonId
from bot.model.session import Asked
from bot.ports.sessions import Claim, DeliveryState
from bot.sealing.seals import UNSEALED, Seals

KEEP = 7 * 86_400  # seconds after the last message to a person
OLDEST = 3 * 86_400.0  # seconds; no repeat of a send comes later than that
MOST = 512  # messages a person
KEEP_ASKED = 30 * 86_400  # seconds after the last question: old buttons stay tappable
MOST_ASKED = 32
KEEP_RECEIPT = 7 * 86_400
KEEP_WORDS = 3_600  # seconds; a message that its channel shuts out is told to be within moments

RANKS = {"failed": 0, "pending": 1, "sent": 2, "delivered": 3, "read": 4, "played": 5, "deleted": 6}
"""A later word of a lower rank changes nothing. ``failed`` is believed at any time, and a later sign of life (sent and up)
takes it back; ``deleted`` is final."""

_STATES: dict[bytes, DeliveryState] = {b"c": "claimed", b"s": "sent", b"f": "failed"}
_claim = script("claim")
_sent = script("sent")
_failed = script("failed")
_release = script("release")
_receipt = script("receipt")
_hold = script("hold")


class RedisDeliveries:
    """Implements ``bot.ports.sessions.Deliveries``."""

    def __init__(self, client: Coalescing, prefix: str = "pc", *, seals: Seals = UNSEALED) -> None:
        self._client, self._seals = client, seals
        self._keys = Keys(prefix)

    async def claim(self, person: PersonId, effect: EffectId, *, now: float) -> Claim:
        entry, since = await self._client.run(_claim, (self._keys.deliveries(person),), effect, now, KEEP, now - OLDEST, MOST)
        known = since is not None
        began = _number(since) if known else now
        if entry is None:
            return Claim(state=None, known=known, at=now, since=began)
        state, at, rest = _parse(entry)
        gateway_id = self.gateway_id(person, effect, rest) if state == "sent" else None
        return Claim(state=state, known=known, at=at, gateway_id=gateway_id, since=began)

    async def sent(
        self, person: PersonId, effect: EffectId, gateway_id: GatewayId, *, now: float, asked: Asked | None = None
    ) -> None:
        blind = self._seals.blind("message", gateway_id)
        question = self._seals.seal(encode(asked), "asked", person, blind) if asked is not None else b""
        name = self._seals.seal(gateway_id.encode(), "delivery", f"{person}/{effect}", "message")
        keys = (self._keys.deliveries(person), self._keys.asked(person))
        await self._client.run(_sent, keys, effect, now, KEEP, name, question, KEEP_ASKED, MOST_ASKED, blind)

    async def failed(self, person: PersonId, effect: EffectId, code: str, *, now: float) -> None:
        await self._client.run(_failed, (self._keys.deliveries(person),), effect, now, KEEP, code)

    async def release(self, person: PersonId, effect: EffectId) -> None:
        await self._client.run(_release, (self._keys.deliveries(person),), effect)

    async def known_ids(self, person: PersonId) -> set[GatewayId]:
        fields = cast("list[bytes]", await self._client.call("HGETALL", self._keys.deliveries(person)))
        return {
            self.gateway_id(person, EffectId(effect.decode()), _parse(entry)[2])
            for effect, entry in zip(fields[::2], fields[1::2], strict=True)
            if entry.startswith(b"s|")
        }

    def gateway_id(self, person: PersonId, effect: EffectId, held: bytes) -> GatewayId:
        try:
            return GatewayId(self._seals.open(held, "delivery", f"{person}/{effect}", "message").decode())
        except UnicodeDecodeError as error:
            raise Malformed("A stored delivery is unreadable.", code="delivery_unreadable") from error

    async def receipt(self, receipt: Receipt) -> bool:
        rank = RANKS.get(receipt.status)
        if rank is None:
            raise Malformed("The status of a receipt is unknown.", code="receipt_status")
        if receipt.token is not None:
            name = self._seals.seal(receipt.gateway_id.encode(), "carrier", receipt.token, "message")
            said = f"{receipt.at}|".encode() + name
            await self._client.call("SET", self._keys.carrier(receipt.token), said, "EX", KEEP_RECEIPT)
        keys = (self._keys.receipt(self._seals.blind("message", receipt.gateway_id)),)
        return bool(await self._client.run(_receipt, keys, receipt.status, rank, receipt.at, KEEP_RECEIPT, receipt.code or ""))

    async def hold(self, gateway_id: GatewayId, message: Outbound) -> str | None:
        blind = self._seals.blind("message", gateway_id)
        words = self._seals.seal(encode(message), "sent", blind, "words")
        code = await self._client.run(_hold, (self._keys.receipt(blind),), words, KEEP_WORDS)
        return code.decode() if isinstance(code, bytes) else None

    async def words(self, gateway_id: GatewayId) -> Outbound | None:
        blind = self._seals.blind("message", gateway_id)
        held: bytes | None = await self._client.call("HGET", self._keys.receipt(blind), "m")
        if held is None:
            return None
        message = decode_effect(self._seals.open(held, "sent", blind, "words"))
        return message if isinstance(message, Outbound) else None

    async def status(self, gateway_id: GatewayId) -> str | None:
        names = (self._seals.blind("message", gateway_id), gateway_id)  # the second: from before there were keys
        held: list[bytes | None] = await self._client.calls(*[("HGET", self._keys.receipt(name), "s") for name in names])
        return next((raw.decode() for raw in held if raw is not None), None)

    async def carrier(self, token: str) -> tuple[GatewayId, float] | None:
        raw: bytes | None = await self._client.call("GET", self._keys.carrier(token))
        if raw is None:
            return None
        at, _, name = raw.partition(b"|")
        return GatewayId(self._seals.open(name, "carrier", token, "message").decode()), _number(at)


def _parse(entry: bytes) -> tuple[DeliveryState, float, bytes]:
    try:
        state, at, rest = entry.split(b"|", 2)
        return _STATES[state], float(at), rest
    except (KeyError, ValueError) as error:
        raise Malformed("A stored delivery is unreadable.", code="delivery_unreadable") from error


def _number(raw: bytes) -> float:
    try:
        return float(raw)
    except ValueError as error:
        raise Malformed("A stored time is unreadable.", code="delivery_unreadable") from error
