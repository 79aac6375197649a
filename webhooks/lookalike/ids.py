"""Ids in the forms in which WhatsApp and Evolution write them."""

from __future__ import annotations

import base64
import itertools
import os
import time
import uuid

_COUNTER = itertools.count(int.from_bytes(os.urandom(3), "big"))


def wamid(number: str, *, from_me: bool) -> str:
    """An id of the official API: base64 of a small Thrift struct that holds the other side's number.

    ``1c 18 LEN digits 15 02 00`` then ``12 18 14`` + 20 hex characters for what a person wrote and ``11 18 12`` + 18 for what
    the business sent, then ``00``.
    """
    digits = number.encode("ascii")
    own = (_serial() + os.urandom(6)).hex().upper().encode("ascii")
    tail = b"\x11\x18\x12" + own[:18] if from_me else b"\x12\x18\x14" + own[:20]
    data = b"\x1c\x18" + bytes((len(digits),)) + digits + b"\x15\x02\x00" + tail + b"\x00"
    return "wamid." + base64.b64encode(data).decode("ascii")


def baileys_id(*, from_me: bool) -> str:
    """``3EB0`` + 18 hex characters when the API sent it, ``A5`` + 30 when an Android phone did."""
    serial = _serial().hex().upper()
    return f"3EB0{serial}{os.urandom(5).hex().upper()}" if from_me else f"A5{serial}{os.urandom(11).hex().upper()}"


def database_id() -> str:
    """The form of Evolution's own row ids (25 characters)."""
    return f"cm{next(_COUNTER):08x}{int(time.time() * 1000) % 16**7:07x}{os.urandom(4).hex()}"


def instance_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"lookalike:{name}"))


def _serial() -> bytes:
    return (next(_COUNTER) & 0xFFFFFFFF).to_bytes(4, "big")


def jid_of(number: str) -> str:
    """Evolution's ``createJid``: where a number is known to WhatsApp; some countries' digits are rewritten."""
    number = number.split(":", 1)[0]
    if "@" in number:
        return number
    digits = "".join(c for c in number if c not in " +()")
    if ("-" in digits and len(digits) >= 24) or (digits.isdigit() and len(digits) >= 18):
        return f"{digits}@g.us"
    digits = "".join(c for c in digits if c.isdigit())
    if digits[:2] in ("52", "54") and len(digits) == 13:
        digits = digits[:2] + digits[3:]
    elif digits[:2] == "55" and len(digits) == 13 and int(digits[2:4]) >= 31 and digits[5] >= "7":
        digits = digits[:4] + digits[5:]
    return f"{digits}@s.whatsapp.net"


def digits_of(number: str) -> str:
    """The digits that a caller gave, as the official API would dial them."""
    return "".join(c for c in number.split("@", 1)[0].split(":", 1)[0] if c.isdigit())
