"""An envelope as an AMQP message and back.

Headers carry id, key, at and attempt. ``at`` travels as text: the library encodes floats in 32 bits, which would move
a time by up to a minute. The AMQP ``message_id`` is new for every publish, because the library finds a returned message
by it and two publishes of one envelope may be under way together.
"""

from __future__ import annotations

import itertools
import secrets
import time
from collections.abc import Mapping
from typing import Any

from aiormq.abc import DeliveredMessage

from bot.errors import Malformed
from bot.ports.bus import Envelope, Parked

NAMES_LIMIT = 4000  # characters of id and key together
DETAIL_LIMIT = 2000  # characters; all headers must fit into one frame

_run = secrets.token_hex(4)
_count = itertools.count()


def new_message_id() -> str:
    return f"{_run}-{next(_count)}"


def headers_of(envelope: Envelope) -> dict[str, str | int]:
    """The headers to publish an envelope with. Too long ones would make the broker close the connection."""
    if len(envelope.id) + len(envelope.key) > NAMES_LIMIT:
        raise Malformed("the id and the key of an envelope are too long")
    headers: dict[str, str | int] = {
        "id": envelope.id, "key": envelope.key, "at": repr(envelope.at), "attempt": envelope.attempt,
    }  # fmt: skip
    if envelope.trace:
        headers["traceparent"] = envelope.trace
    return headers


def envelope_of(message: DeliveredMessage) -> Envelope:
    """The envelope in a message. A message that somebody else put there gets what can be known about it."""
    headers: Mapping[str, Any] = message.header.properties.headers or {}
    attempt = headers.get("attempt", 0)
    return Envelope(
        id=str(headers.get("id") or message.header.properties.message_id or secrets.token_hex(8)),
        key=str(headers.get("key", "")),
        body=message.body,
        at=_seconds(headers.get("at")),
        attempt=attempt if isinstance(attempt, int) else 0,
        trace=str(headers.get("traceparent") or ""),
    )


def parking_headers(queue: str, code: str, detail: str) -> dict[str, str | int]:
    """What a parked message carries besides its envelope."""
    return {
        "parked-id": secrets.token_hex(8),
        "parked-queue": queue,
        "parked-code": code,
        "parked-detail": detail[:DETAIL_LIMIT],
        "parked-at": repr(time.time()),
    }


def parked_of(message: DeliveredMessage, prefix: str) -> Parked:
    """A parked message. One that the broker itself put there (delivered too often) has no headers of ours, but ``x-death``."""
    headers: Mapping[str, Any] = message.header.properties.headers or {}
    envelope = envelope_of(message)
    if "parked-id" in headers:
        return Parked(
            id=str(headers["parked-id"]),
            queue=str(headers.get("parked-queue", "")),
            code=str(headers.get("parked-code", "")),
            detail=str(headers.get("parked-detail", "")),
            parked_at=_seconds(headers.get("parked-at")),
            envelope=envelope,
        )
    deaths = headers.get("x-death") or [{}]
    death: Mapping[str, Any] = deaths[0]
    when = death.get("time")
    return Parked(
        id=str(message.header.properties.message_id or envelope.id),
        queue=str(death.get("queue", "")).removeprefix(f"{prefix}."),
        code=str(death.get("reason", "unknown")),
        detail="",
        parked_at=when.timestamp() if when is not None and hasattr(when, "timestamp") else time.time(),
        envelope=envelope,
    )


def _seconds(text: Any) -> float:
    try:
        return float(text)
    except (TypeError, ValueError):
        return time.time()
