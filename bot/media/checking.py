"""One verdict on a file that somebody sent: what it is, or why it is not taken."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from bot.media.kinds import mime_by_content
from bot.media.packed import pdf_unpacks_to, zip_unpacks_to
from bot.media.pictures import size_of_picture

MIB: Final = 1024 * 1024
Problem = Literal["missing", "too_large", "wrong_kind", "broken", "unsafe", "locked"]
"""missing: the bytes did not come; locked: it has a password; unsafe: it would grow beyond measure when opened."""

LARGEST: Final = {"image": 16 * MIB, "audio": 16 * MIB, "document": 32 * MIB}
"""WhatsApp makes pictures and voice notes far smaller than this; documents come as they are."""
PIXELS: Final = 100_000_000
"""Phones of today take up to 200 million and send at most half of it; opened, this is 300 MB."""
SIDE: Final = 30_000
UNPACKED: Final = 256 * MIB
"""Eight scanned pages without picture compression come near it."""
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
_SOUNDS: Final = frozenset({"audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac", "audio/amr", "audio/wav"})
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TAKEN: Final = {
    "image": _PICTURES,
    "audio": _SOUNDS | {"video/mp4"},  # some phones write a voice note into a container for films
    "document": _PICTURES | {"application/pdf", _WORD, _SHEET},
}


class Checked(Struct, frozen=True):
    """``mime`` is what the content says; None where nobody knows it."""

    mime: str | None
    problem: Problem | None = None


def check_file(data: bytes, kind: str) -> Checked:
    """``kind``: the kind of the message (image, audio, document). Takes up to a second for a large PDF: call it in a thread."""
    if not data:
        return Checked(None, "missing")
    if len(data) > LARGEST[kind]:
        return Checked(None, "too_large")
    mime = mime_by_content(data)
    if mime is None or mime not in TAKEN[kind]:
        return Checked(mime, "wrong_kind")
    return Checked(mime, _problem(data, mime))


def _problem(data: bytes, mime: str) -> Problem | None:
    if mime in _PICTURES:
        size = size_of_picture(data, mime)
        if size is None:
            return "broken"
        return "unsafe" if size[0] * size[1] > PIXELS or max(size) > SIDE else None
    if mime == "application/pdf":
        if b"%%EOF" not in data[-2048:] and b"startxref" not in data[-4096:]:
            return "broken"  # cut off on its way
        if b"/Encrypt" in data:
            return "locked"
        return "unsafe" if pdf_unpacks_to(data, UNPACKED) > UNPACKED else None
    if mime in (_WORD, _SHEET):
        unpacked = zip_unpacks_to(data, UNPACKED)
        return "broken" if unpacked is None else "unsafe" if unpacked > UNPACKED else None
    return None
