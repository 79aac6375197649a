"""WhatsApp addresses (JIDs): what kind they are, and how Evolution writes a phone number."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

JidKind = Literal["phone", "lid", "group", "broadcast", "newsletter", "other"]

_FORM = re.compile(r"([0-9A-Za-z._-]{1,64})(?::[0-9]{1,5})?(?:@([0-9a-z.]{1,32}))?")
_PHONE = re.compile(r"[1-9][0-9]{4,19}")
_LID = re.compile(r"[0-9]{5,20}")
_KINDS: dict[str, JidKind] = {
    "s.whatsapp.net": "phone",
    "c.us": "phone",
    "lid": "lid",
    "hosted.lid": "lid",
    "hosted": "phone",
    "g.us": "group",
    "broadcast": "broadcast",
    "newsletter": "newsletter",
}


class Jid(Struct, frozen=True):
    """``user`` without the device suffix ``:12``; ``text`` is the whole address without it."""

    kind: JidKind
    user: str
    text: str


def parse_jid(value: str | None) -> Jid | None:
    """None for what is no address. A bare phone number counts as one (the EVOLUTION channel writes it so)."""
    if value is None or (match := _FORM.fullmatch(value)) is None:
        return None
    user, server = match[1], match[2]
    kind = _KINDS.get(server, "other") if server else "phone"
    if (kind == "phone" and not _PHONE.fullmatch(user)) or (kind == "lid" and not _LID.fullmatch(user)):
        kind = "other"
    if server and kind in ("phone", "lid"):
        server = "s.whatsapp.net" if kind == "phone" else "lid"  # the only spellings that the gateway leaves alone
    return Jid(kind, user, f"{user}@{server}" if server else user)


def gateway_digits(digits: str) -> str:
    """Digits as Evolution's createJid rewrites them: it drops the 1 of Mexico, the 9 of Argentina, and Brazil's ninth digit
    where the area code is 31 or more. Needed to find our own messages there, and to tell its rewriting from a swapped sender."""
    if len(digits) == 13 and digits[:2] in ("52", "54"):
        return digits[:2] + digits[3:]
    if len(digits) == 13 and digits.startswith("55") and int(digits[2:4]) >= 31 and digits[4] == "9" and digits[5] >= "7":
        return digits[:4] + digits[5:]
    return digits
