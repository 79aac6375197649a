"""What a send becomes: Evolution's ``message`` object for its answer, and the view that a phone would show."""

from __future__ import annotations

import base64
import binascii
import json
import uuid
from typing import Any, NamedTuple

from webhooks.lookalike.files import baileys_file
from webhooks.lookalike.people import View


class Content(NamedTuple):
    message: dict[str, Any]
    message_type: str
    view: View | None  # None: nothing new to show (a reaction)


def content_of(endpoint: str, body: dict[str, Any], *, cloud: bool, now: float) -> Content:
    """``body`` has passed ``check``."""
    content = (_CLOUD if cloud else _BAILEYS)[endpoint](body, now)
    quoted = (body.get("quoted") or {}).get("key") or {}
    if cloud and isinstance(quoted.get("id"), str):
        content.message["contextInfo"] = {"stanzaId": quoted["id"]}
    return content


def context_info(now: float) -> dict[str, Any]:
    """What Baileys adds to what it sends."""
    stamp = {"low": int(now) - 172_800, "high": 0, "unsigned": False}
    return {
        "mentionedJid": [],
        "groupMentions": [],
        "ephemeralSettingTimestamp": stamp,
        "disappearingMode": {"initiator": 0},
    }


def _text(body: dict[str, Any], now: float) -> Content:
    return Content({"conversation": body["text"]}, "conversation", View("text", text=body["text"]))


def _cloud_buttons(body: dict[str, Any], now: float) -> Content:
    """The official API's buttons keep the title only: description, footer and links are dropped."""
    buttons = [{"id": str(b.get("id", "")), "label": str(b.get("displayText", ""))} for b in body["buttons"]]
    lines = "".join(f"▶️ {button['label']}\n" for button in buttons)
    title = str(body.get("title", ""))
    return Content({"conversation": f"{title}\n{lines}"}, "conversation", View("buttons", text=title, buttons=buttons))


def _baileys_buttons(body: dict[str, Any], now: float) -> Content:
    shown, native = [], []
    for button in body["buttons"]:
        label = str(button.get("displayText", ""))
        if button.get("type") == "reply":
            params: dict[str, Any] = {"display_text": label, "id": button.get("id")}
            name = "quick_reply"
            shown.append({"id": str(button.get("id", "")), "label": label})
        else:
            url = str(button.get("url", ""))
            params, name = {"display_text": label, "url": url, "merchant_url": url}, "cta_url"
            shown.append({"id": "", "label": label, "url": url})
        native.append({"name": name, "buttonParamsJson": json.dumps(params, ensure_ascii=False, separators=(",", ":"))})
    text = f"*{body.get('title', '')}*" + (f"\n\n{body['description']}\n" if body.get("description") else "")
    footer = str(body.get("footer") or "")
    inner = {
        "body": {"text": text},
        "footer": {"text": footer} if footer else {},
        "nativeFlowMessage": {
            "buttons": native,
            "messageParamsJson": json.dumps({"from": "api", "templateId": str(uuid.uuid4())}, separators=(",", ":")),
        },
    }
    message = {"viewOnceMessage": {"message": {"interactiveMessage": inner}}}
    return Content(message, "viewOnceMessage", View("buttons", text=text.strip(), footer=footer, buttons=shown))


def _list_view(body: dict[str, Any]) -> View:
    sections = [
        {
            "title": str(section.get("title") or ""),
            "rows": [
                {"id": str(row["rowId"]), "title": str(row["title"]), "description": str(row.get("description") or "")[:72]}
                for row in section["rows"]
            ],
        }
        for section in body["sections"]
    ]
    return View(
        "list",
        text=str(body.get("description") or ""),
        header=str(body["title"] or ""),
        footer=str(body["footerText"] or ""),
        menu=str(body["buttonText"]),
        sections=sections,
    )


def _cloud_list(body: dict[str, Any], now: float) -> Content:
    lines = [body["title"]]
    for section in body["sections"]:
        lines += [section.get("title", ""), *(row["title"] for row in section["rows"])]
    return Content({"conversation": "\n".join(map(str, lines)) + "\n"}, "conversation", _list_view(body))


def _baileys_list(body: dict[str, Any], now: float) -> Content:
    sections = [{"rows": section["rows"], "title": section.get("title")} for section in body["sections"]]
    message = {
        "sections": sections,
        "title": body["title"],
        "description": body.get("description"),
        "buttonText": body["buttonText"],
        "listType": 2,
        "footerText": body["footerText"],
        "contextInfo": context_info(now),
    }
    return Content({"listMessage": message}, "listMessage", _list_view(body))


def _location(body: dict[str, Any], now: float) -> Content:
    place = {name: body[name] for name in ("latitude", "longitude", "name", "address")}
    message = {
        "degreesLatitude": place["latitude"],
        "degreesLongitude": place["longitude"],
        "name": place["name"],
        "address": place["address"],
    }
    return Content({"locationMessage": message}, "locationMessage", View("location", place=place))


def _baileys_location(body: dict[str, Any], now: float) -> Content:
    content = _location(body, now)
    content.message["locationMessage"]["contextInfo"] = context_info(now)
    return content


def _cloud_reaction(body: dict[str, Any], now: float) -> Content:
    message = {"reactionMessage": {"key": body["key"], "text": body["reaction"]}}
    return Content(message, "conversation", None)  # the real one says "conversation" here


def _baileys_reaction(body: dict[str, Any], now: float) -> Content:
    message = {"reactionMessage": {"text": body["reaction"], "key": body["key"], "senderTimestampMs": int(now * 1000)}}
    return Content(message, "reactionMessage", None)


def _template(body: dict[str, Any], now: float) -> Content:
    text = f"▶️{body['name']}◀️"
    values = [
        str(parameter.get("text", ""))
        for part in body.get("components") or []
        if isinstance(part, dict)
        for parameter in part.get("parameters") or []
        if isinstance(parameter, dict)
    ]
    return Content({"conversation": text}, "conversation", View("template", text="\n".join(values), header=str(body["name"])))


def _baileys_media(body: dict[str, Any], now: float) -> Content:
    content = _media(body, now)
    view = content.view
    assert view is not None  # noqa: S101  a file is always shown
    kind, media = view.kind, str(view.media["data"])
    data = None if media.startswith("http") else decoded(media)
    inner = baileys_file(str(view.media["mime"]), data, now)
    inner |= {"caption": view.text} if view.text else {}
    inner |= {"fileName": view.media["name"]} if kind == "document" else {}
    inner |= {"ptt": True} if "audio" in body else {}
    inner["contextInfo"] = context_info(now)
    return Content({f"{kind}Message": inner}, f"{kind}Message", view)


def decoded(media: str) -> bytes | None:
    try:
        return base64.b64decode(media, validate=True)
    except (binascii.Error, ValueError):
        return None


def _media(body: dict[str, Any], now: float) -> Content:
    kind, media = str(body.get("mediatype", "audio")), str(body.get("media") or body.get("audio"))
    mime = str(body.get("mimetype") or _MIMES.get(kind, "application/octet-stream"))
    name = str(body.get("fileName") or f"{kind}.{mime.split('/')[1]}")
    caption = str(body.get("caption") or "")
    inner = {
        **({"caption": caption} if caption else {}),
        "fileName": name,
        "mediaType": kind,
        "media": media,
        **({} if "audio" in body else {"gifPlayback": False}),
        "id": media if media.startswith("http") else f"up{uuid.uuid4().hex[:12]}",
        "type": "link" if media.startswith("http") else "id",
        "mimetype": mime,
    }
    view = View(kind, text=caption, media={"mime": mime, "name": name, "data": media})
    return Content({f"{kind}Message": inner}, f"{kind}Message", view)


_MIMES = {"image": "image/png", "video": "video/mp4", "audio": "audio/ogg", "document": "application/pdf"}
_CLOUD = {
    "sendText": _text,
    "sendButtons": _cloud_buttons,
    "sendList": _cloud_list,
    "sendLocation": _location,
    "sendReaction": _cloud_reaction,
    "sendTemplate": _template,
    "sendMedia": _media,
    "sendWhatsAppAudio": _media,
}
_BAILEYS = _CLOUD | {
    "sendButtons": _baileys_buttons,
    "sendList": _baileys_list,
    "sendLocation": _baileys_location,
    "sendReaction": _baileys_reaction,
    "sendMedia": _baileys_media,
    "sendWhatsAppAudio": _baileys_media,
}
