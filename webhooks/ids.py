"""Ids of messages as the gateway gives them, and the ids of our inputs made from them."""

from __future__ import annotations

import re

from bot.model.ids import GatewayId, InputId, numberless

_ID = re.compile(r"[\x21-\x7e]{1,300}")


def message_id(value: str | None) -> GatewayId | None:
    """None for what cannot be an id (another type, white space, unprintable, too long)."""
    return GatewayId(value) if value is not None and _ID.fullmatch(value) else None


def input_id(instance: str, message: GatewayId, suffix: str = "") -> InputId:
    """The same event delivered twice gets the same id; an edit or deletion differs from its message.

    Our ids stand in keys and queues, so the number that one of the official channel holds is not in them."""
    return InputId(f"in:{instance}:{numberless(message)}{':' + suffix if suffix else ''}")


def earlier(input_: InputId, message: GatewayId) -> InputId:
    """The id that releases gave which did not hide the number."""
    return InputId(input_.replace(numberless(message), message, 1))
