"""Ids of messages as the gateway gives them, and the ids of our inputs made from them."""

from __future__ import annotations

import re
from hashlib import blake2s

from bot.model.ids import GatewayId, InputId

_ID = re.compile(r"[\x21-\x7e]{1,300}")


def message_id(value: str | None) -> GatewayId | None:
    """None for what cannot be an id (another type, white space, unprintable, too long)."""
    return GatewayId(value) if value is not None and _ID.fullmatch(value) else None


def input_id(instance: str, message: GatewayId, suffix: str = "") -> InputId:
    """The same event delivered twice gets the same id; an edit or deletion differs from its message.

    Our ids stand in keys and queues, and one of the official channel holds the sender's number (in base64): there its hash stands
    for it, which nobody can guess, as half of such an id is random."""
    return InputId(f"in:{instance}:{_name(message)}{':' + suffix if suffix else ''}")


def earlier(input_: InputId, message: GatewayId) -> InputId:
    """The id that releases gave which did not hide the number."""
    return InputId(input_.replace(_name(message), message, 1))


def _name(message: GatewayId) -> str:
    return blake2s(message.encode(), digest_size=12).hexdigest() if message.startswith("wamid.") else message
