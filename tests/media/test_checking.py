"""What a file is by its content, and which files are not taken."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.media import checking
from bot.media.checking import MIB, check_file
from bot.media.kinds import mime_by_content
from bot.media.packed import pdf_unpacks_to, zip_unpacks_to
from bot.media.pictures import size_of_picture
from tests.media import made


@pytest.mark.parametrize(
    ("data", "mime"),
    [
        (made.PNG, "image/png"), (made.jpeg(3, 4), "image/jpeg"), (made.webp(b"VP8 ", 3, 4), "image/webp"),
        (made.GIF, "image/gif"),
        (made.OGG, "audio/ogg"), (made.WAV, "audio/wav"), (made.M4A, "audio/mp4"), (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90\0", "audio/mpeg"), (b"\xff\xf1\x50\0", "audio/aac"), (b"#!AMR\n", "audio/amr"), (made.HEIC, "image/heic"),
        (made.PDF, "application/pdf"), (b"\xef\xbb\xbf junk\n%PDF-1.7", "application/pdf"),
        (made.docx(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (b"PK\x03\x04 something", "application/zip"), (b"\0\0\0\x20ftypisom", "video/mp4"),
        (b"MZ\x90\0", None), (b"<html>", None), (b"#!/bin/sh", None), (b"", None), (bytes(2000) + b"%PDF-1.4", None),
    ],
)  # fmt: skip
def test_the_type_is_what_the_content_says(data: bytes, mime: str | None) -> None:
    assert mime_by_content(data) == mime


@pytest.mark.parametrize(
    ("data", "mime", "size"),
    [
        (made.PNG, "image/png", (240, 180)),
        (made.jpeg(4000, 3000), "image/jpeg", (4000, 3000)),
        (made.jpeg(7, 9, before=b"\xff\xff\xe1\x00\x04ab"), "image/jpeg", (7, 9)),
        (made.webp(b"VP8X", 900, 16000), "image/webp", (900, 16000)),
        (made.webp(b"VP8L", 900, 800), "image/webp", (900, 800)),
        (made.webp(b"VP8 ", 900, 800), "image/webp", (900, 800)),
        (made.GIF, "image/gif", (20, 10)),
        (made.PNG[:20], "image/png", None),
        (b"\xff\xd8\xff\xda", "image/jpeg", None),
        (b"\xff\xd8" + b"\xff\xe0\x00\x02" * 5000, "image/jpeg", None),
        (made.png(0, 10), "image/png", None),
    ],
)
def test_a_pictures_size_is_read_from_its_header(data: bytes, mime: str, size: tuple[int, int] | None) -> None:
    assert size_of_picture(data, mime) == size


@pytest.mark.parametrize(
    ("kind", "data", "problem"),
    [
        ("image", made.PNG, None),
        ("image", made.jpeg(8000, 6000), None),
        ("audio", made.OGG, None),
        ("document", made.PDF, None),
        ("document", made.jpeg(3, 4), None),
        ("document", made.docx(), None),
        ("image", b"", "missing"),
        ("image", made.PDF, "wrong_kind"),
        ("image", b"MZ\x90\0 a program that is called picture.jpg", "wrong_kind"),
        ("audio", made.PNG, "wrong_kind"),
        ("document", b"PK\x03\x04 an archive", "wrong_kind"),
        ("image", made.PNG + bytes(16 * MIB), "too_large"),
        ("image", made.PNG[:20], "broken"),
        ("document", made.PDF[:-120], "broken"),
        ("document", made.docx()[:-10], "broken"),
        ("image", made.png(60_000, 60_000), "unsafe"),
        ("image", made.png(50_000, 2), "unsafe"),
        ("document", made.jpeg(20_000, 20_000), "unsafe"),
        ("document", made.pdf(made.packed(1000), filters="[/FlateDecode /FlateDecode]"), "unsafe"),
        ("document", made.pdf(b"x", more=b"<</Encrypt 5 0 R>>"), "locked"),
    ],
)
def test_a_file_is_taken_or_there_is_a_reason(kind: str, data: bytes, problem: str | None) -> None:
    assert check_file(data, kind).problem == problem


def test_what_unpacks_to_much_more_than_it_is_is_not_taken() -> None:
    assert check_file(made.pdf(made.packed(5 * MIB)), "document").problem is None
    assert check_file(made.pdf(made.packed(200 * MIB), made.packed(100 * MIB)), "document").problem == "unsafe"
    assert check_file(made.docx(150 * MIB, 2), "document").problem == "unsafe"


def test_parts_of_an_archive_that_share_their_bytes_count_as_endless() -> None:
    """A 'better zip bomb' lists the same packed bytes many times; the list itself looks harmless enough."""
    data = bytearray(made.docx(1000, 3))
    archive = zipfile.ZipFile(io.BytesIO(bytes(data)))
    first = archive.infolist()[1].header_offset
    at = data.rfind(b"PK\x01\x02")
    data[at + 42 : at + 46] = first.to_bytes(4, "little")
    assert zip_unpacks_to(bytes(data), MIB) == 1 << 62
    assert zip_unpacks_to(made.docx(10, 3000), MIB) == 1 << 62


def test_a_list_that_lies_about_what_comes_out_of_an_archive_is_not_believed() -> None:
    data = bytearray(made.docx(3 * MIB))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert (zip_unpacks_to(bytes(data), MIB) or 0) > MIB
    assert (zip_unpacks_to(made.docx(1000), MIB) or MIB) < 2000


def test_looking_at_a_file_costs_no_more_than_the_limits_allow() -> None:
    """Thousands of streams without an end, each of which unpacks the rest of the file to nothing."""
    nothing = b"\0\0\0\xff\xff" * 200_000
    head = b"1 0 obj<</Filter/FlateDecode>>stream\n\x78\x9c"
    data = b"%PDF-1.4\n" + head * 5_000 + nothing + b"%%EOF"
    before = time.process_time()
    assert pdf_unpacks_to(data, checking.UNPACKED) > checking.UNPACKED
    assert time.process_time() - before < 2.0


@given(st.binary(max_size=400), st.sampled_from(["image", "audio", "document"]), st.integers(0, 8))
def test_no_bytes_break_the_check(data: bytes, kind: str, which: int) -> None:
    starts = (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF....WEBPVP8 ", b"RIFF....WEBPVP8L",
              b"%PDF-1.4 obj/FlateDecode stream\n", b"PK\x03\x04", b"GIF89a", made.docx())  # fmt: skip
    checked = check_file(starts[which] + data, kind)
    assert checked.problem is not None or checked.mime in checking.TAKEN[kind]
