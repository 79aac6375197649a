"""The type of a file by its first bytes. What the sender or the gateway claims is not believed.

A closed list of what people send from phones; everything else is unknown. (Libraries that know thousands of types were not taken:
each type that is told here has to be one that we can check and use.)
"""

from __future__ import annotations

from typing import Final

_STARTS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
    (b"PK\x03\x04", "application/zip"),
)
_BRANDS: Final = {
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4", b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic",
    b"msf1": "image/heic", b"avif": "image/avif",
}  # fmt: skip
_OFFICE: Final = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
UNKNOWN_MIME: Final = "application/octet-stream"
PDF_WITHIN: Final = 1024
"""Bytes in which a PDF's header may stand, as its readers allow."""


def mime_by_content(data: bytes) -> str | None:
    """None for what is not on the list."""
    for start, mime in _STARTS:
        if data.startswith(start):
            return _office(data) if mime == "application/zip" else mime
    if data[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(data[8:12])
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "video/mp4")
    if data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"):
        return "audio/mpeg"
    if data[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return "audio/aac"
    if b"%PDF-" in data[:PDF_WITHIN]:
        return "application/pdf"
    return None


def _office(data: bytes) -> str:
    """A ZIP file that is an office document names its parts at the end, in its list."""
    if b"[Content_Types].xml" in data:
        for part, mime in _OFFICE:
            if part in data:
                return mime
    return "application/zip"
