"""What a send must look like: Evolution's schemas, its business rules by integration, and Meta's limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from webhooks.lookalike.refusals import UNREADABLE, Refusal, bad, crash, meta, schema

REQUIRED = {
    "sendText": ("number", "text"),
    "sendMedia": ("number", "mediatype", "media"),
    "sendWhatsAppAudio": ("number", "audio"),
    "sendLocation": ("number", "latitude", "longitude", "name", "address"),
    "sendReaction": ("key", "reaction"),
    "sendList": ("number", "title", "footerText", "buttonText", "sections"),
    "sendButtons": ("number",),
    "sendTemplate": ("name", "language"),
}
_MEDIA = ("image", "document", "video", "audio")
_INVALID = "Parameter value is not valid"


def check(endpoint: str, body: Any, *, cloud: bool) -> None:
    """Raises the Refusal with which the real one would answer."""
    if not isinstance(body, dict):
        raise schema("instance is not of a type(s) object")
    missing = [f'instance requires property "{name}"' for name in REQUIRED[endpoint] if name not in body]
    if missing:
        raise schema(*missing)
    if not isinstance(body.get("number", ""), str):
        raise schema("Invalid format")
    rules = _RULES.get(endpoint)
    if rules is not None:
        rules(body, cloud)


def _text(body: dict[str, Any], cloud: bool) -> None:
    text = body["text"]
    if not isinstance(text, str):
        raise schema("text is not of a type(s) string")
    if not text.strip():
        raise bad(UNREADABLE) if cloud else bad("Text is required")
    if cloud and len(text) > 4096:
        raise meta(100, "Invalid parameter", "Param text['body'] must be at most 4096 characters long.")


def _buttons(body: dict[str, Any], cloud: bool) -> None:
    buttons = body.get("buttons")
    if not isinstance(buttons, list) or not all(isinstance(button, dict) for button in buttons):
        raise crash("Cannot read properties of undefined (reading 'map')")
    if cloud:
        _cloud_buttons(body, buttons)
        return
    kinds = {str(button.get("type")) for button in buttons}
    if "reply" in kinds and len(kinds) > 1:
        raise bad("Reply buttons cannot be mixed with other button types")
    if "reply" in kinds and len(buttons) > 3:
        raise bad("Maximum of 3 reply buttons allowed")


def _cloud_buttons(body: dict[str, Any], buttons: Sequence[dict[str, Any]]) -> None:
    labels = [str(button.get("displayText", "")) for button in buttons]
    ids = [str(button["id"]) for button in buttons if "id" in button]
    repeated = [*(["Button texts cannot be repeated"] if _repeats(labels) else [])]
    repeated += ["Button IDs cannot be repeated."] if _repeats(ids) else []
    if repeated:
        raise bad(*repeated)
    if not 1 <= len(buttons) <= 3:
        raise _meta_rule("Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: 3")
    _lengths((("body text", body.get("title"), 1, 1024), *(("button title", label, 1, 20) for label in labels)))
    _lengths(("button id", one, 1, 256) for one in ids)


def _list(body: dict[str, Any], cloud: bool) -> None:
    sections = body["sections"]
    if not isinstance(sections, list) or not all(isinstance(s, dict) and isinstance(s.get("rows"), list) for s in sections):
        raise schema("instance.sections is not of a type(s) array")
    for n, section in enumerate(sections):
        for m, row in enumerate(section["rows"]):
            for name in ("title", "rowId"):
                if not isinstance(row, dict) or name not in row:
                    raise schema(f'instance.sections[{n}].rows[{m}] requires property "{name}"')
    if not cloud:
        return
    if _repeats([str(section.get("title")) for section in sections]):
        raise bad("Section tiles cannot be repeated")
    rows = [row for section in sections for row in section["rows"]]
    if any(not isinstance(row.get("description"), str) for row in rows):
        raise crash("Cannot read properties of undefined (reading 'substring')")
    if not 1 <= len(rows) <= 10:
        raise _meta_rule("Total row count exceed max allowed count: 10")
    if _repeats([str(row["rowId"]) for row in rows]):
        raise _meta_rule("Row id cannot be repeated")
    _lengths((("body text", body.get("description"), 1, 4096), ("header", body["title"], 0, 60)))
    _lengths((("footer", body["footerText"], 0, 60), ("button", body["buttonText"], 1, 20)))
    _lengths(("section title", section.get("title"), 1 if len(sections) > 1 else 0, 24) for section in sections)
    _lengths(("row title", row["title"], 1, 24) for row in rows)
    _lengths(("row id", row["rowId"], 1, 200) for row in rows)


def _media(body: dict[str, Any], cloud: bool) -> None:
    if body["mediatype"] not in _MEDIA:
        raise schema(f"mediatype is not one of enum values: {','.join(_MEDIA)}")
    media = body["media"]
    if not isinstance(media, str) or not media or media.startswith("data:"):
        raise bad("Owned media must be a url or base64")
    is_url = media.startswith(("http://", "https://"))
    if is_url and "." not in (urlsplit(media).hostname or ""):
        raise bad("Owned media must be a url or base64")
    if body["mediatype"] == "document" and not is_url and not body.get("fileName"):
        raise bad("For base64 the file name must be informed.")


def _reaction(body: dict[str, Any], cloud: bool) -> None:
    key = body["key"]
    if not isinstance(key, dict) or not isinstance(key.get("remoteJid"), str) or not isinstance(key.get("id"), str):
        raise schema('instance.key requires property "remoteJid"')
    if not isinstance(body["reaction"], str) or body["reaction"].isalnum():
        raise bad("Reaction must be a single emoji or empty string")


def _template(body: dict[str, Any], cloud: bool) -> None:
    if not cloud:
        raise crash("Method not available in the Baileys service")


def _repeats(values: Sequence[str]) -> bool:
    return len(set(values)) != len(values)


def _lengths(fields: Iterable[tuple[str, Any, int, int]]) -> None:
    for name, value, least, most in fields:
        if not isinstance(value or "", str) or not least <= len(value or "") <= most:
            raise _meta_rule(f"Invalid length of {name}: {least} to {most} characters")


def _meta_rule(details: str) -> Refusal:
    return meta(131009, _INVALID, details)


_RULES = {
    "sendText": _text,
    "sendButtons": _buttons,
    "sendList": _list,
    "sendMedia": _media,
    "sendReaction": _reaction,
    "sendTemplate": _template,
}
