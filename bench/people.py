"""Made-up people and what Evolution posts when one of them writes, on a Cloud instance."""

from __future__ import annotations

import base64
import itertools
import secrets
import time
from datetime import UTC, datetime

from msgspec.json import encode

_run = secrets.token_hex(5).upper()
_count = itertools.count()


def number_of(person: int) -> str:
    """An Indian mobile number that is nobody's plan of numbers: 91 + ten digits."""
    return f"9198{person:08d}"


def wamid(number: str) -> str:
    """A message id of the real form, which holds the sender's number (see webhooks/evolution/wamid.py)."""
    own = f"{_run}{next(_count):010X}".encode()
    digits = number.encode()
    data = b"\x1c\x18" + bytes([len(digits)]) + digits + b"\x15\x02\x00\x12\x18" + bytes([len(own)]) + own + b"\x00"
    return "wamid." + base64.b64encode(data).decode()


def webhook(number: str, text: str) -> bytes:
    """One ``messages.upsert`` as Evolution 2 posts it, about 600 bytes."""
    now = time.time()
    return encode(
        {
            "event": "messages.upsert",
            "instance": "procare",
            "data": {
                "key": {"id": wamid(number), "remoteJid": f"{number}@s.whatsapp.net", "fromMe": False},
                "pushName": "Asha",
                "message": {"conversation": text},
                "messageType": "conversation",
                "messageTimestamp": int(now),
                "source": "unknown",
                "instanceId": "c680c6a5-45c2-4f1a-bf2f-9384c147e373",
            },
            "destination": "http://127.0.0.1/webhooks/evolution",
            "date_time": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "server_url": "http://127.0.0.1:8081",
            "apikey": "made-up-key-of-the-instance",
        }
    )
