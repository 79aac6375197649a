"""The sender's number inside a message id of the official API (``wamid.HBgL...``).

The id is base64 of a Thrift compact struct, read off real ids:

    1c                      a struct:
      18 LEN digits           the other side's number
      15 02                   the number 1
    00                      its end
    12 | 11                 false | true: is it from us
    18 LEN id               WhatsApp's own message id
    00                      the end (padding follows in some ids)

``wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQz...`` holds 16503879439.
"""

from __future__ import annotations

import base64
import binascii
import re

_FORM = re.compile(rb"\x1c\x18([\x07-\x0f])([1-9][0-9]{6,14})\x15\x02\x00[\x11\x12]\x18([\x01-\x7f])([!-~]{1,127})\x00{0,3}")
_PREFIX = "wamid."
_MAX = 400


def is_wamid(message_id: str) -> bool:
    return message_id.startswith(_PREFIX)


def digits_of(message_id: str) -> str | None:
    """The 7 to 15 digits in a wamid, or None where it is not exactly of that form."""
    if not is_wamid(message_id) or len(message_id) > _MAX:
        return None
    text = message_id[len(_PREFIX) :].rstrip("=")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    match = _FORM.fullmatch(data)
    if match is None or match[1][0] != len(match[2]) or match[3][0] != len(match[4]):
        return None
    return match[2].decode("ascii")
