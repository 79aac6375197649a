"""Rows of Evolution's database, as its answers show them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from webhooks.lookalike.chats import Entry
from webhooks.lookalike.people import EVENTS, Channel


def message_row(channel: Channel, entry: Entry) -> dict[str, Any]:
    key: dict[str, Any] = {"id": entry.id, "fromMe": not entry.mine, "remoteJid": entry.jid}
    name = entry.name if entry.mine else None
    if not channel.cloud and not entry.mine:
        name = "Você"
        if entry.message_type == "viewOnceMessage":
            key["participant"] = entry.jid
    return {
        "id": entry.row,
        "key": key,
        "pushName": name,
        "messageType": entry.message_type,
        "message": entry.message,
        "messageTimestamp": int(entry.at),
        "instanceId": channel.id,
        "source": "unknown" if channel.cloud else ("android" if entry.mine else "web"),
        "contextInfo": None,
        "MessageUpdate": [{"status": word} for word in entry.updates],
    }


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def webhook_row(channel: Channel) -> dict[str, Any]:
    hook, made = channel.webhook, _stamp(channel.made)
    return {
        "id": channel.webhook_row,
        "url": hook.url,
        "headers": hook.headers or None,
        "enabled": hook.enabled,
        "events": sorted(hook.events, key=EVENTS.index) or EVENTS,
        "webhookByEvents": hook.by_events,
        "webhookBase64": hook.base64,
        "createdAt": made,
        "updatedAt": made,
        "instanceId": channel.id,
    }


def instance_row(channel: Channel) -> dict[str, Any]:
    made = _stamp(channel.made)
    nothing = ["profileName", "profilePicUrl", "disconnectionReasonCode", "disconnectionObject", "disconnectionAt"]
    nothing += ["Chatwoot", "Proxy", "Rabbitmq", "Nats", "Sqs", "Websocket", "Setting"]
    return {
        "id": channel.id,
        "name": channel.name,
        "connectionStatus": channel.state,
        "ownerJid": None if channel.cloud else channel.jid,
        "integration": "WHATSAPP-BUSINESS" if channel.cloud else "WHATSAPP-BAILEYS",
        "number": channel.number,
        "businessId": None,
        "token": channel.token,
        "clientName": "lookalike",
        "createdAt": made,
        "updatedAt": made,
        "_count": {"Message": 0, "Contact": 0, "Chat": 0},
        **dict.fromkeys(nothing),
    }
