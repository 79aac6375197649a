"""What became of messages that we sent: messages.update, and send.message for those sent through the API."""

from __future__ import annotations

from msgspec import Raw, Struct
from msgspec.json import Decoder

from bot.errors import Malformed
from bot.model.events import Receipt
from webhooks.evolution.envelope import Envelope
from webhooks.ids import message_id
from webhooks.parsed import Ignored
from webhooks.raw import NOTHING, flag, number, opened, string

_STATUS = {
    "ERROR": "failed",
    "FAILED": "failed",
    "PENDING": "pending",
    "SERVER_ACK": "sent",
    "SENT": "sent",
    "DELIVERY_ACK": "delivered",
    "DELIVERED": "delivered",
    "READ": "read",
    "PLAYED": "played",
    "DELETED": "deleted",
}
_NUMBERS = ("failed", "pending", "sent", "delivered", "read", "played")  # Baileys' enum, 0 to 5


class _Update(Struct, rename="camel"):
    key_id: Raw = NOTHING
    key: Raw = NOTHING
    from_me: Raw = NOTHING
    status: Raw = NOTHING


class _Key(Struct, rename="camel"):
    id: Raw = NOTHING
    from_me: Raw = NOTHING


_updates, _keys = Decoder(_Update), Decoder(_Key)


def updated(envelope: Envelope, received_at: float) -> Receipt | Ignored:
    update = opened(envelope.data, _updates)
    if update is None:
        raise Malformed("A receipt without its object.", code="no_receipt")
    key = opened(update.key, _keys)
    gateway_id = message_id(string(update.key_id)) or (message_id(string(key.id)) if key else None)
    if gateway_id is None:
        raise Malformed("A receipt without an id.", code="bad_key")
    # Baileys also tells what became of others' messages (that we read them, say). The official API says false for all.
    if envelope.from_baileys and not flag(update.from_me):
        return Ignored("not_ours")
    status = status_of(update.status)
    return Receipt(gateway_id, status, envelope.instance, received_at) if status else Ignored("unknown_status")


def sent(envelope: Envelope, received_at: float) -> Receipt | Ignored:
    message = opened(envelope.data, _updates)
    key = opened(message.key, _keys) if message else None
    gateway_id = message_id(string(key.id)) if key else None
    if message is None or gateway_id is None:
        raise Malformed("A sent message without an id.", code="bad_key")
    return Receipt(gateway_id, status_of(message.status) or "pending", envelope.instance, received_at)


def status_of(raw: Raw) -> str | None:
    if (word := string(raw, 100)) is not None and not word.isdigit():
        return _STATUS.get(word.upper())
    value = number(raw)
    return _NUMBERS[int(value)] if value is not None and value in range(6) else None
