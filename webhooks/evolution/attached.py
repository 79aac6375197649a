"""The bytes of a file that a payload carries as base64."""

from __future__ import annotations

import binascii

from msgspec import Raw

from webhooks.raw import string


def decoded(raw: Raw) -> bytes | None:
    """None for what is no base64. A ``data:`` prefix is forgiven."""
    view = memoryview(raw)
    if len(view) < 2 or view[0] != 0x22:
        return None
    text: bytes | memoryview = view[1:-1]
    if bytes(view[1:6]) == b"data:" or b"\\" in bytes(view[:128]):
        value = string(raw, len(view))
        if value is None or not value.isascii():
            return None
        text = value.partition("base64,")[2].encode() if value.startswith("data:") else value.encode()
    try:
        return binascii.a2b_base64(text, strict_mode=True) or None
    except (binascii.Error, ValueError):
        return None
