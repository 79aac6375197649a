"""Files of every kind that people send, made here, and some that wish us harm."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from webhooks.lookalike.files import sample

PNG = sample("image").data
OGG = sample("audio").data
PDF = sample("document").data
GIF = b"GIF89a" + struct.pack("<HH", 20, 10) + b"\0\0\0;"
WAV = b"RIFF\x24\0\0\0WAVEfmt "
M4A = b"\0\0\0\x20ftypM4A \0\0\0\0"
HEIC = b"\0\0\0\x20ftypheic\0\0\0\0"


def png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\0\0\0\0IEND\xaeB`\x82"


def jpeg(width: int, height: int, *, before: bytes = b"") -> bytes:
    """``before``: segments in front of the frame, as cameras write them."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    frame = b"\xff\xc2" + struct.pack(">HBHHB", 17, 8, height, width, 3) + bytes(9)
    return b"\xff\xd8" + app + before + frame + b"\xff\xda\0\x02" + b"\xff\xd9"


def webp(form: bytes, width: int, height: int) -> bytes:
    match form:
        case b"VP8X":
            body = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        case b"VP8L":
            body = b"\x2f" + (width - 1 | (height - 1) << 14).to_bytes(4, "little")
        case _:
            body = b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", width, height)
    return b"RIFF\0\0\0\0WEBP" + form + struct.pack("<I", len(body)) + body


def pdf(*streams: bytes, filters: str = "/FlateDecode", more: bytes = b"") -> bytes:
    body = b"%PDF-1.4\n"
    for number, stream in enumerate(streams, 1):
        body += f"{number} 0 obj<</Filter {filters}/Length {len(stream)}>>stream\n".encode() + stream + b"\nendstream endobj\n"
    return body + more + b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def packed(size: int) -> bytes:
    return zlib.compress(bytes(size), 9)


def docx(size: int = 100, parts: int = 1) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(parts):
            archive.writestr(f"word/{number}.xml", bytes(size))
    return file.getvalue()
