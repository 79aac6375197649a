"""How large a picture becomes when it is opened, read from its header alone: nothing is decompressed."""

from __future__ import annotations

import struct

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""JPEG markers of a frame, which tell its size."""
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_MARKERS = 2000


def size_of_picture(data: bytes, mime: str) -> tuple[int, int] | None:
    """Width and height; None when the header does not tell them, that is, when the picture is broken."""
    try:
        match mime:
            case "image/png":
                found = struct.unpack(">II", data[16:24]) if data[12:16] == b"IHDR" else None
            case "image/gif":
                found = struct.unpack("<HH", data[6:10])
            case "image/webp":
                found = _webp(data)
            case "image/jpeg":
                found = _jpeg(data)
            case _:
                return None
    except (struct.error, IndexError):
        return None
    return (found[0], found[1]) if found and found[0] and found[1] else None


def _jpeg(data: bytes) -> tuple[int, ...] | None:
    at = 2
    for _ in range(_MARKERS):
        while data[at] == 0xFF and data[at + 1] == 0xFF:
            at += 1
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        if marker == 0xDA:  # the picture itself begins
            return None
        at += 2 if marker in _ALONE else 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


def _webp(data: bytes) -> tuple[int, ...] | None:
    match data[12:16]:
        case b"VP8X":
            return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack("<HH", data[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return None
