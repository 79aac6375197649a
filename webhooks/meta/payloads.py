"""How one outbound message is said to the Graph API: pure, one message = one call of ``/{phone number id}/messages``.

Up to three short options are buttons, up to ten are a list, otherwise numbered text; ids come back as they were sent. The form
is Meta's Cloud API reference, v23.0 (2025): messages, interactive reply buttons, interactive lists, template messages.
"""

from __future__ import annotations

import re
from hashlib import blake2s
from typing import Any

from bot.errors import Refused
from bot.model.effects import Attached, Option, Outbound, TemplateOffer
from webhooks import message_limits as limits
from webhooks.one_text import whole_text
from webhooks.template_names import outside
from webhooks.template_parts import parts_of

USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[0-9A-Za-z]{1,128}")
"""A person whose number Meta does not tell: the country, and an id that only this business knows them by."""
MARK = "·"
"""Stands where a question has no words of its own: an interactive message must have a body."""


def token_of(message: Outbound) -> str:
    """What Meta repeats to us in each status of the message, so that a send whose answer was lost is found again, in its own
    words or as its template. A hash: the effect's id may hold a person's number."""
    return blake2s(f"{message.id}{'/template' if message.as_template else ''}".encode(), digest_size=16).hexdigest()


def body_for(message: Outbound, *, media: str | None = None) -> dict[str, Any]:
    """``media``: Meta's id of the message's file, uploaded before; without it its words are sent alone.

    Raises Refused (``empty``, ``too_long``, ``bad_address``) for what must not be sent."""
    to = message.address.strip().lstrip("+")
    hidden = USER_ID.fullmatch(to) is not None
    if not (hidden or (to.isascii() and to.isdigit())):
        raise Refused("The message has no number.", code="bad_address")
    body: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "recipient" if hidden else "to": to,
        "biz_opaque_callback_data": token_of(message),
    }
    if message.quoted_id:
        body["context"] = {"message_id": message.quoted_id}
    return body | _content(message, media)


def _content(message: Outbound, media: str | None) -> dict[str, Any]:
    if message.as_template and message.template and message.template.wordings:
        return _template(message.template)
    if message.media and media is not None:
        return _media(message, message.media, media)
    if not message.text.strip():
        raise Refused("The message is empty.", code="empty")
    if message.options and (shown := _buttons(message) or _list(message)):
        return {"type": "interactive", "interactive": shown}
    return _text(message)


def _text(message: Outbound) -> dict[str, Any]:
    lines = [f"{number}. {option.label}" for number, option in enumerate(message.options, 1)]
    text = whole_text(message, message.numbered or "\n\n".join(part for part in (message.text, "\n".join(lines)) if part))
    if len(text) > limits.TEXT:
        raise Refused("The message is longer than WhatsApp takes.", code="too_long")
    return {"type": "text", "text": {"body": text, "preview_url": False}}


def _media(message: Outbound, file: Attached, media: str) -> dict[str, Any]:
    kind = file.kind
    part: dict[str, Any] = {"id": media}
    if kind != "audio" and (caption := whole_text(message, message.text)):
        part["caption"] = caption[: limits.INTERACTIVE_BODY]
    if kind == "document":
        part["filename"] = file.name or "file.pdf"
    return {"type": kind, kind: part}


def _template(offer: TemplateOffer) -> dict[str, Any]:
    """The name and the values; the words themselves lie with WhatsApp."""
    wording = offer.wordings[0]
    name, code = outside(offer.name, wording.language)
    return {"type": "template", "template": {"name": name, "language": {"code": code}, "components": parts_of(wording)}}


def _showable(options: tuple[Option, ...], label: int) -> bool:
    labels, ids = [option.label.strip() for option in options], [option.id for option in options]
    return (
        all(0 < len(each) <= label for each in labels)
        and all(0 < len(each) <= limits.OPTION_ID for each in ids)
        and len(set(labels)) == len(labels)
        and len(set(ids)) == len(ids)
    )


def _framed(message: Outbound) -> dict[str, Any] | None:
    """Header, body and footer; None where they are longer than Meta takes."""
    header, footer = message.header or "", message.footer or ""
    if len(message.text) > limits.INTERACTIVE_BODY or len(header) > limits.HEADER or len(footer) > limits.FOOTER:
        return None
    framed: dict[str, Any] = {"body": {"text": message.text or MARK}}
    if header:
        framed["header"] = {"type": "text", "text": header}
    if footer:
        framed["footer"] = {"text": footer}
    return framed


def _buttons(message: Outbound) -> dict[str, Any] | None:
    framed = _framed(message)
    described = any(option.description for option in message.options)
    if framed is None or described or len(message.options) > limits.BUTTONS:
        return None
    if not _showable(message.options, limits.BUTTON_LABEL):
        return None
    buttons = [{"type": "reply", "reply": {"id": option.id, "title": option.label}} for option in message.options]
    return {"type": "button", **framed, "action": {"buttons": buttons}}


def _list(message: Outbound) -> dict[str, Any] | None:
    framed, label = _framed(message), message.menu_label or ""
    if framed is None or len(message.options) > limits.ROWS or not 0 < len(label) <= limits.LIST_BUTTON:
        return None
    if not _showable(message.options, limits.ROW_LABEL):
        return None
    return {"type": "list", **framed, "action": {"button": label, "sections": [{"rows": [_row(one) for one in message.options]}]}}


def _row(option: Option) -> dict[str, str]:
    row = {"id": option.id, "title": option.label}
    if option.description:
        longer = len(option.description) > limits.ROW_DESCRIPTION
        row["description"] = option.description[: limits.ROW_DESCRIPTION - 1] + "…" if longer else option.description
    return row
