"""How one outbound message is said to Evolution: pure, one message = one call.

A question becomes what the channel can show:

- cloud: up to three short options are buttons, up to ten are a list, otherwise numbered text. Evolution passes on only the
  *title* of buttons (as the message's body) and drops description and footer, so the whole text goes into the title. For a
  list it passes on all fields, always, so none may be empty.
- cloud, outside the window: the approved template that stands for the message, when the sender says so.
- evolution: up to three short options are buttons; lists do not exist there.
- baileys: numbered text, because whether a phone shows the buttons of an unofficial client cannot be known;
  ``baileys_interactive`` takes the risk.
"""

from __future__ import annotations

import base64
from typing import Any

from msgspec import Struct

from bot.errors import Refused
from bot.model.effects import Attached, Option, Outbound, TemplateOffer, mime_of
from webhooks import message_limits as limits
from webhooks.one_text import whole_text
from webhooks.template_names import outside
from webhooks.template_parts import parts_of

MARK = "·"
"""Stands where the official API demands a text and the question has none (empty is refused there, missing is an error 500)."""


class Call(Struct, frozen=True):
    """One request: ``POST /message/{endpoint}/{instance}``. ``echoes``: how the gateway's history may word it."""

    endpoint: str
    body: dict[str, Any]
    echoes: tuple[str, ...]


def call_for(message: Outbound, *, data: bytes | None = None, baileys_interactive: bool = False) -> Call:
    """``data``: the bytes of the message's file; without them its words are sent alone.

    Raises Refused (``empty``, ``too_long``, ``bad_address``) for what must not be sent.
    """
    if not message.address.strip():
        raise Refused("The message has no address.", code="bad_address")
    if message.as_template and message.template and message.template.wordings:
        return _template(message, message.template)
    if message.media and data is not None:
        return _media(message, message.media, data)
    if not message.text.strip():
        raise Refused("The message is empty.", code="empty")
    if len(message.text) > limits.TEXT:
        raise Refused("The message is longer than WhatsApp takes.", code="too_long")
    if message.options and _can_show(message, baileys_interactive):
        call = _buttons(message) or (_list(message) if message.integration != "evolution" else None)
        if call is not None:
            return call
    return _text(message)


def _media(message: Outbound, media: Attached, data: bytes) -> Call:
    """A file with its caption; sound goes as a voice message. Recorded of cloud and baileys, with base64."""
    content = base64.b64encode(data).decode()
    if media.kind == "audio":
        return Call("sendWhatsAppAudio", _addressed(message, {"audio": content}), ())
    caption = whole_text(message, message.text)
    mime = mime_of(data)
    body = {
        "mediatype": media.kind,
        "media": content,
        "fileName": media.name or f"file.{(mime or 'application/pdf').rsplit('/', 1)[1]}",
        **({"mimetype": mime} if mime else {}),
        **({"caption": caption} if caption else {}),
    }
    return Call("sendMedia", _addressed(message, body), (caption,) if caption else ())


def _template(message: Outbound, offer: TemplateOffer) -> Call:
    """The name and the values; the words themselves lie with WhatsApp. Recorded of cloud; the history shows the name alone."""
    wording = offer.wordings[0]
    name, code = outside(offer.name, wording.language)
    body = {"number": message.address, "name": name, "language": code, "components": parts_of(wording)}
    return Call("sendTemplate", body, (f"▶️{name}◀️",))


def _can_show(message: Outbound, baileys_interactive: bool) -> bool:
    if message.integration == "baileys" and not baileys_interactive:
        return False
    labels, ids = [option.label for option in message.options], [option.id for option in message.options]
    return (
        all(0 < len(each) <= limits.OPTION_ID for each in ids)
        and all(each.strip() for each in labels)
        # Repeated labels are refused for buttons, and on the official API an answer comes back as its label alone.
        and len(set(labels)) == len(labels)
        and len(set(ids)) == len(ids)
    )


def _text(message: Outbound) -> Call:
    text = whole_text(message, message.numbered or _numbered(message))
    if len(text) > limits.TEXT:
        raise Refused("The message is longer than WhatsApp takes.", code="too_long")
    return Call("sendText", _addressed(message, {"text": text, "linkPreview": False}), (text,))


def _numbered(message: Outbound) -> str:
    lines = [f"{number}. {option.label}" for number, option in enumerate(message.options, 1)]
    return message.text + ("\n\n" + "\n".join(lines) if lines else "")


def _buttons(message: Outbound) -> Call | None:
    text = whole_text(message, message.text)
    if (
        len(message.options) > limits.BUTTONS
        or len(text) > limits.INTERACTIVE_BODY
        or any(len(option.label) > limits.BUTTON_LABEL or option.description for option in message.options)
    ):
        return None
    buttons = [{"type": "reply", "displayText": option.label, "id": option.id} for option in message.options]
    body = _addressed(message, {"title": text, "buttons": buttons})
    echo = text + "\n" + "".join(f"▶️ {option.label}\n" for option in message.options)  # the official API's rendering
    return Call("sendButtons", body, (echo, text, f"*{text}*"))


def _list(message: Outbound) -> Call | None:
    if (
        len(message.options) > limits.ROWS
        or len(message.text) > limits.INTERACTIVE_BODY
        or not message.menu_label
        or len(message.menu_label) > limits.LIST_BUTTON
        or len(message.header or "") > limits.HEADER
        or len(message.footer or "") > limits.FOOTER
        or any(len(option.label) > limits.ROW_LABEL for option in message.options)
    ):
        return None
    title = message.header or message.menu_label
    rows = [_row(option) for option in message.options]
    body = _addressed(
        message,
        {
            "title": title,
            "description": message.text,
            "footerText": message.footer or MARK,
            "buttonText": message.menu_label,
            "sections": [{"title": title[: limits.ROW_LABEL], "rows": rows}],
        },
    )
    echo = "\n".join([title, title[: limits.ROW_LABEL], *(option.label for option in message.options)]) + "\n"
    return Call("sendList", body, (echo, f"{title}\n{message.text}"))


def _row(option: Option) -> dict[str, str]:
    description = option.description or MARK
    if len(description) > limits.ROW_DESCRIPTION:
        description = description[: limits.ROW_DESCRIPTION - 1] + "…"
    return {"title": option.label, "description": description, "rowId": option.id}


def _addressed(message: Outbound, body: dict[str, Any]) -> dict[str, Any]:
    quoted = {"quoted": {"key": {"id": message.quoted_id}}} if message.quoted_id else {}
    return {"number": message.address, **body, **quoted}
