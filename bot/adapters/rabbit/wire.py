"""The bytes of one publish: method, header and body frames of AMQP 0-9-1, section 4.2.

Written out because it is the dearest step of a publish: the library's general encoder takes about as long as all the rest.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

BASIC = 60
PUBLISH = 40
MANDATORY = 1
PERSISTENT = 2
HAS_HEADERS_DELIVERY_MODE_MESSAGE_ID = 1 << 13 | 1 << 12 | 1 << 7
METHOD_FRAME, HEADER_FRAME, BODY_FRAME, FRAME_END = 1, 2, 3, b"\xce"

_frame = struct.Struct(">BHI").pack
_method = struct.Struct(">HHH").pack
_header = struct.Struct(">HHQHI").pack
_length = struct.Struct(">I").pack
_number = struct.Struct(">q").pack


def publish_frames(
    channel: int, exchange: str, routing_key: str, headers: Mapping[str, str | int], message_id: str, body: bytes, limit: int
) -> bytes:
    """A mandatory, persistent publish. ``limit``: the most bytes of a body that fit into one frame of this connection."""
    method = _method(BASIC, PUBLISH, 0) + _short(exchange) + _short(routing_key) + bytes((MANDATORY,))
    table = b"".join([_short(name) + _value(value) for name, value in headers.items()])
    header = (
        _header(BASIC, 0, len(body), HAS_HEADERS_DELIVERY_MODE_MESSAGE_ID, len(table))
        + table
        + bytes((PERSISTENT,))
        + _short(message_id)
    )
    parts = [_frame(METHOD_FRAME, channel, len(method)), method, FRAME_END]
    parts += (_frame(HEADER_FRAME, channel, len(header)), header, FRAME_END)
    for start in range(0, len(body), limit):
        piece = body[start : start + limit]
        parts += (_frame(BODY_FRAME, channel, len(piece)), piece, FRAME_END)
    return b"".join(parts)


def _short(text: str) -> bytes:
    data = text.encode()
    return bytes((len(data),)) + data  # a ValueError above 255 bytes: names and ids are short


def _value(value: str | int) -> bytes:
    if isinstance(value, int):
        return b"l" + _number(value)
    data = value.encode()
    return b"S" + _length(len(data)) + data
