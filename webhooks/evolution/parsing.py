"""From the bytes of one event to what it means. Pure: no I/O, no clock."""

from __future__ import annotations

from webhooks.evolution import channel, messages, receipts
from webhooks.evolution.envelope import Envelope, open_envelope
from webhooks.evolution.messages import Reading
from webhooks.parsed import Ignored, Parsed

IGNORED_EVENTS = frozenset(
    {
        "application.startup",
        "call",
        "chats.delete",
        "chats.set",
        "chats.update",
        "chats.upsert",
        "contacts.set",
        "contacts.update",
        "contacts.upsert",
        "group-participants.update",
        "group.update",
        "groups.update",
        "groups.upsert",
        "instance.create",
        "instance.delete",
        "labels.association",
        "labels.edit",
        "messages.set",
        "presence.update",
        "send.message.update",
        "typebot.change-status",
        "typebot.start",
    }
)
TAKEN_EVENTS = frozenset(
    {
        "connection.update",
        "logout.instance",
        "messages.delete",
        "messages.edited",
        "messages.update",
        "messages.upsert",
        "qrcode.updated",
        "remove.instance",
        "send.message",
        "status.instance",
    }
)


def parse(body: bytes | bytearray, reading: Reading, received_at: float) -> list[Parsed]:
    """Raises Malformed for what is not JSON, no event, or a message without a usable key."""
    return parse_envelope(open_envelope(body), reading, received_at)


def parse_envelope(envelope: Envelope, reading: Reading, received_at: float) -> list[Parsed]:
    match envelope.event:
        case "messages.upsert":
            return [messages.written(envelope, reading, received_at)]
        case "messages.edited":
            return [messages.edited(envelope, reading, received_at)]
        case "messages.delete":
            return [messages.deleted(envelope, reading, received_at)]
        case "messages.update":
            return [receipts.updated(envelope, received_at)]
        case "send.message":
            return [receipts.sent(envelope, received_at)]
        case "connection.update" | "status.instance":
            return [channel.changed(envelope, received_at)]
        case "logout.instance" | "remove.instance":
            return [channel.ended(envelope, received_at)]
        case "qrcode.updated":
            return [channel.qr_code(envelope, received_at)]
        case event:
            return [Ignored("not_needed" if event in IGNORED_EVENTS else "unknown_event")]
