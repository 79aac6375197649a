"""What is put into an approved template, in the form of Meta's Cloud API; Evolution hands it on as it is."""

from __future__ import annotations

from typing import Any

from bot.model.effects import TemplateWording


def parts_of(wording: TemplateWording) -> list[dict[str, Any]]:
    """The values of the body, and what comes back when a button is tapped: the option's id."""
    parts: list[dict[str, Any]] = []
    if wording.values:
        parts.append({"type": "body", "parameters": [{"type": "text", "text": value} for value in wording.values]})
    for place, option in enumerate(wording.options):
        payload = [{"type": "payload", "payload": option.id}]
        parts.append({"type": "button", "sub_type": "quick_reply", "index": str(place), "parameters": payload})
    return parts
