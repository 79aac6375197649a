"""What the events of partners have in common: a body that is an object, ids, and the reference of a booking of ours."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from bot.errors import Malformed

EVENT_ID = re.compile(r"[A-Za-z0-9_.-]{1,80}")
REFERENCE = re.compile(r"[a-z][0-9a-f]{16}\.\d{1,3}")
"""A booking's id and how often it was tried, as the care coordinator gives it to partners."""


def opened(body: bytes) -> dict[str, Any]:
    """The event. Raises Malformed for what is no JSON object."""
    try:
        event = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed("not JSON", code="not_json") from error
    if not isinstance(event, dict):
        raise Malformed("not an object", code="not_an_event")
    return event
