"""What a patient's phone does, as the ``data`` of the events that Evolution makes of it."""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple

from webhooks.lookalike.files import VOICE_SECONDS, Sample, baileys_file
from webhooks.lookalike.people import Channel, View


class Written(NamedTuple):
    """``message`` and ``message_type`` of the event; ``view`` for the page; ``context`` is the payload's contextInfo."""

    message: dict[str, Any]
    message_type: str
    view: View
    context: dict[str, Any] | None = None


def text(channel: Channel, words: str, quoted: str | None, quoted_message: dict[str, Any] | None) -> Written:
    context = _context(channel, quoted, quoted_message)
    message: dict[str, Any] = {"conversation": words}
    if channel.cloud and context:
        message["contextInfo"] = context
    return Written(message, "conversation", View("text", text=words), context)


def tap(channel: Channel, asked: str, option: str, label: str, *, from_list: bool, description: str = "") -> Written:
    """A tapped button or a chosen row. The official API's events lose the id: only the label and the quoted id arrive."""
    view = View("text", text=label)
    if channel.cloud:
        context: dict[str, Any] = {"stanzaId": asked}
        return Written({"conversation": label, "contextInfo": context}, "interactiveMessage", view, context)
    context = {"mentionedJid": [], "groupMentions": [], "stanzaId": asked}
    if from_list:
        chosen = {
            "title": label,
            "listType": 1,
            "singleSelectReply": {"selectedRowId": option},
            "description": description,
            "contextInfo": context,
        }
        return Written({"listResponseMessage": chosen}, "listResponseMessage", view, context)
    params = json.dumps({"id": option, "display_text": label}, ensure_ascii=False, separators=(",", ":"))
    flow = {"name": "quick_reply", "paramsJson": params, "version": 1}
    inner = {"body": {"text": label, "format": 0}, "nativeFlowResponseMessage": flow, "contextInfo": context}
    return Written({"interactiveResponseMessage": inner}, "interactiveResponseMessage", view, context)


def media(channel: Channel, sample: Sample, caption: str, message_id: str, now: float) -> Written:
    kind, voice = sample.kind, sample.kind == "audio"
    view = View(kind, text=caption, media={"mime": sample.mime, "name": sample.name})
    if voice:
        view.media["seconds"] = VOICE_SECONDS
    message: dict[str, Any]
    if channel.cloud:
        inner: dict[str, Any] = {"caption": caption} if caption else {}
        inner |= {"filename": sample.name} if kind == "document" else {}
        inner |= {"mime_type": sample.mime, "sha256": "lookalike", "id": message_id[-15:]}
        inner |= {"voice": True, "ptt": True} if voice else {}
        message = {f"{kind}Message": inner, "base64": base64.b64encode(sample.data).decode("ascii")}
    else:
        inner = baileys_file(sample.mime, sample.data, now)
        inner |= {"caption": caption} if caption else {}
        inner |= {"fileName": sample.name} if kind == "document" else {}
        inner |= {"seconds": VOICE_SECONDS, "ptt": True} if voice else {}
        message = {f"{kind}Message": inner}
        if channel.webhook.base64:
            message["base64"] = base64.b64encode(sample.data).decode("ascii")
    return Written(message, f"{kind}Message", view)


def location(latitude: float, longitude: float, name: str, address: str) -> Written:
    message = {"degreesLatitude": latitude, "degreesLongitude": longitude, "name": name, "address": address}
    place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
    return Written({"locationMessage": message}, "locationMessage", View("location", place=place))


def reaction(channel: Channel, jid: str, target: str, from_me: bool, emoji: str, now: float) -> Written:
    """``from_me``: the bot wrote what is reacted to. An empty emoji takes a reaction back."""
    if channel.cloud:
        inner: dict[str, Any] = {"key": {"id": target}} | ({"text": emoji} if emoji else {})
    else:
        stamp = int(now * 1000)
        low = stamp & 0xFFFFFFFF
        inner = {
            "key": {"remoteJid": jid, "fromMe": from_me, "id": target},
            "text": emoji,
            "senderTimestampMs": {"low": low - 2**32 if low >= 2**31 else low, "high": stamp >> 32, "unsigned": False},
        }
    return Written({"reactionMessage": inner}, "reactionMessage", View("text", text=emoji))


def upsert(channel: Channel, key_id: str, jid: str, name: str | None, written: Written, now: float) -> dict[str, Any]:
    """The ``data`` of messages.upsert."""
    if channel.cloud:
        data: dict[str, Any] = {
            "key": {"id": key_id, "remoteJid": jid, "fromMe": False},
            "pushName": name,
            "message": written.message,
        }
        data |= {"contextInfo": written.context} if written.context else {}
        data |= {"messageType": written.message_type, "messageTimestamp": int(now), "source": "unknown"}
        return data | {"instanceId": channel.id}
    return {
        "key": {"remoteJid": jid, "fromMe": False, "id": key_id, "addressingMode": "pn"},
        "pushName": name,
        "status": "DELIVERY_ACK",
        "message": written.message,
        "contextInfo": written.context,
        "messageType": written.message_type,
        "messageTimestamp": int(now),
        "instanceId": channel.id,
        "source": "android",
    }


def _context(channel: Channel, quoted: str | None, message: dict[str, Any] | None) -> dict[str, Any] | None:
    if quoted is None:
        return None
    if channel.cloud:
        return {"stanzaId": quoted}
    known = {"quotedMessage": message} if message else {}
    return {"mentionedJid": [], "groupMentions": [], "stanzaId": quoted, "participant": channel.jid} | known
