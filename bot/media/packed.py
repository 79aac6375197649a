"""What a packed file becomes when somebody opens it: counted with a limit, and thrown away at once."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from itertools import pairwise

_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FILTER = re.compile(rb"/(?:FlateDecode|Fl)\b")
_PACKING = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW)\b")
_ARRAY = re.compile(rb"/Filter\s*\[([^\]]*)\]")
_PIECE = 1 << 20
_BITE = 1 << 16
_HEADER = 30  # bytes of a part's own head, before its name
STREAMS = 20_000
PARTS = 2_000
READ_AGAIN = 3
"""Times the file's own size that all streams together may be read: a stream without an end reaches into those behind it."""


def zip_unpacks_to(data: bytes, limit: int) -> int | None:
    """Bytes of all parts together, with parts that lie over each other counted as endless. None: broken.

    The list at the end may lie about what comes out, so the parts are unpacked, up to ``limit``.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return None
    spans = sorted((part.header_offset, part.header_offset + part.compress_size) for part in parts)
    if len(parts) > PARTS or any(later[0] < before[1] for before, later in pairwise(spans)):
        return 1 << 62
    told = sum(max(part.file_size, part.compress_size) for part in parts)
    total = 0
    for part in parts if told <= limit else ():
        if part.compress_type == zipfile.ZIP_DEFLATED:
            start = (
                part.header_offset + _HEADER + int.from_bytes(data[part.header_offset + 26 : part.header_offset + 28], "little")
            )
            start += int.from_bytes(data[part.header_offset + 28 : part.header_offset + 30], "little")
            total += _inflated(memoryview(data)[start : start + part.compress_size], limit - total, zlib.decompressobj(-15))[0]
            if total > limit:
                break
    return max(told, total)


def pdf_unpacks_to(data: bytes, limit: int) -> int:
    """Bytes of all packed streams together; stops counting above ``limit``. Pictures inside (JPEG) are not unpacked."""
    total = read = 0
    for count, found in enumerate(_STREAM.finditer(data)):
        head = data[max(0, found.start() - 2000) : found.start()]
        head = head[head.rfind(b"obj") + 1 :]
        array = _ARRAY.search(head)
        twice = array is not None and len(_PACKING.findall(array[1])) > 1  # packed in packed has one use only
        if twice or count >= STREAMS or read > READ_AGAIN * len(data):
            return limit + 1
        if _FILTER.search(head):
            out, taken = _inflated(memoryview(data)[found.end() :], limit - total)
            total, read = total + out, read + taken
            if total > limit:
                return total
    return total


def _inflated(packed: memoryview, limit: int, unpacker: zlib._Decompress | None = None) -> tuple[int, int]:
    """Bytes that came out, and bytes that were read for them."""
    out, at, unpacker = 0, 0, unpacker or zlib.decompressobj()
    waiting: bytes | memoryview = b""
    try:
        while not unpacker.eof and out <= limit and (len(waiting) or at < len(packed)):
            if not len(waiting):
                waiting = packed[at : at + _BITE]
                at += len(waiting)
            out += len(unpacker.decompress(waiting, _PIECE))
            waiting = unpacker.unconsumed_tail
    except zlib.error:
        pass  # what cannot be unpacked is no danger; a reader leaves it out, too
    return out, at
