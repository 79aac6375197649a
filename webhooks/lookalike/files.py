"""Files as Baileys describes them, and the samples that a test patient can send: a picture, a voice note, a document."""

from __future__ import annotations

import functools
import os
import struct
import zlib
from typing import Any, NamedTuple

VOICE_SECONDS = 3


class Sample(NamedTuple):
    kind: str
    mime: str
    name: str
    data: bytes


def sample(kind: str) -> Sample:
    """``image``, ``audio`` or ``document``."""
    match kind:
        case "image":
            return Sample("image", "image/png", "meal.png", _picture())
        case "audio":
            return Sample("audio", "audio/ogg; codecs=opus", "voice.ogg", _silence(VOICE_SECONDS))
        case _:
            return Sample("document", "application/pdf", "report.pdf", _PDF)


def baileys_file(mime: str, data: bytes | None, now: float) -> dict[str, Any]:
    """The fields that Baileys adds; byte fields are objects of numbered bytes."""
    path = f"/v/lookalike-{os.urandom(6).hex()}"
    return {
        "url": f"https://mmg.whatsapp.net{path}",
        "mimetype": mime,
        "fileSha256": _bytes(32),
        "fileLength": {"low": len(data or b""), "high": 0, "unsigned": True},
        "mediaKey": _bytes(32),
        "fileEncSha256": _bytes(32),
        "directPath": path,
        "mediaKeyTimestamp": {"low": int(now), "high": 0, "unsigned": False},
    }


def _bytes(length: int) -> dict[str, int]:
    return {str(n): value for n, value in enumerate(os.urandom(length))}


@functools.cache
def _picture(width: int = 240, height: int = 180) -> bytes:
    """A plate with two heaps of food on a table cloth, as PNG."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += _pixel(x - width / 2, y - height / 2, (x // 20 + y // 20) % 2 == 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")


def _pixel(x: float, y: float, light: bool) -> bytes:
    if (x + 28) ** 2 + (y + 6) ** 2 < 34**2:
        return b"\xf6\xe7\xb8"
    if (x - 30) ** 2 + (y - 8) ** 2 < 28**2:
        return b"\x6d\x9e\x4b"
    distance = x * x + y * y
    if distance < 68**2:
        return b"\xff\xff\xff"
    if distance < 80**2:
        return b"\xdd\xe3\xe8"
    return b"\xe2\xb5\x8f" if light else b"\xc9\x95\x6b"


@functools.cache
def _silence(seconds: int) -> bytes:
    """A voice note in which nobody speaks: Ogg with Opus packets of 20 ms silence."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48_000, 0, 0)
    vendor = b"lookalike"
    tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
    pages = [_page(head, 0, 0, 2), _page(tags, 1, 0, 0)]
    packets = seconds * 50
    sound = b"\xf8\xff\xfe"
    for n in range(packets):
        pages.append(_page(sound, n + 2, (n + 1) * 960, 4 if n == packets - 1 else 0))
    return b"".join(pages)


def _page(packet: bytes, sequence: int, granule: int, flags: int) -> bytes:
    head = b"OggS" + struct.pack("<BBqIII", 0, flags, granule, 1, sequence, 0) + bytes((1, len(packet)))
    whole = bytearray(head + packet)
    whole[22:26] = struct.pack("<I", _ogg_crc(bytes(whole)))
    return bytes(whole)


def _ogg_crc(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte << 24
        for _ in range(8):
            crc = ((crc << 1) ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return crc


_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
