"""Making text from outside safe to keep, to show and to match: bounded, without control and bidi-control characters."""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_TEXT = 8_000  # characters of one message that we keep
MAX_END = 2_000  # of these, how many from the end of a longer one
LONGEST = 70_000  # WhatsApp itself takes 65,536
MAX_LABEL = 200  # characters of a label, a name, a title
MAX_VCARD = 4_000
MAX_CONTACTS = 20  # of one message
MAX_EMOJI = 32

_DROPPED = {
    *range(0x20),
    *range(0x7F, 0xA0),
    *(0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # bidi controls; joiners stay, scripts need them
    *(0xFEFF, *range(0xFFF9, 0xFFFC)),
    *range(0xE0000, 0xE0020),
} - {0x09, 0x0A}
_TABLE: dict[int, str | None] = {code: None for code in _DROPPED}
_TABLE |= {0x0D: "\n", 0x2028: "\n", 0x2029: "\n", 0x85: "\n"}
_TABLE |= {code: "�" for code in range(0xD800, 0xE000)}

_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,99}/[a-z0-9][a-z0-9!#$&^_.+-]{0,99}")


class Text(NamedTuple):
    value: str | None  # None when nothing was left
    truncated: bool


def clean(value: str | None, limit: int = MAX_TEXT) -> Text:
    """At most ``limit`` characters, stripped of outer white space."""
    if not value:
        return Text(None, False)
    longer = len(value) > limit
    kept = value[: limit * 4]  # characters that are dropped do not count, within reason
    if not kept.isprintable():
        kept = kept.replace("\r\n", "\n").translate(_TABLE)
    kept = kept.strip()
    return Text(kept[:limit].rstrip() or None, len(kept) > limit or (longer and len(value) > limit * 4))


def written(value: str | None) -> Text:
    """What a person wrote: of a very long message the beginning and the end, where people put what matters to them."""
    whole = clean(value, LONGEST)
    if whole.value is None or len(whole.value) <= MAX_TEXT:
        return whole
    return Text(whole.value[: MAX_TEXT - MAX_END].rstrip() + "\n…\n" + whole.value[-MAX_END:].lstrip(), True)


def label(value: str | None, limit: int = MAX_LABEL) -> str | None:
    """One line of text, bounded."""
    kept = clean(value, limit).value
    return " ".join(kept.split()) if kept else None


def mime_of(value: str | None) -> str | None:
    """``audio/ogg; codecs=opus`` -> ``audio/ogg``."""
    kind = (value or "").split(";", 1)[0].strip().lower()
    return kind if _MIME.fullmatch(kind) else None
