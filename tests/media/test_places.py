"""What is particular to the folder, to the object store, and to the signature."""

from __future__ import annotations

import stat
from pathlib import Path

import httpx
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.media import BlobMedia, FolderBlobs, S3Blobs
from bot.adapters.media.signing import Key, signed
from bot.errors import StoreUnavailable
from tests.servers.s3 import KEY, S3Server

NOW = 1_800_000_000.0


async def test_only_the_owner_reads_the_folder(tmp_path: Path) -> None:
    media = BlobMedia(FolderBlobs(tmp_path / "media"))
    await media.put(b"ABC", mime="image/png", person=None, now=NOW, keep_seconds=None)
    paths = list((tmp_path / "media").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()} == {0o700}


async def test_a_folder_that_cannot_be_written_is_an_unavailable_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    media = BlobMedia(FolderBlobs(tmp_path / "file"))
    with pytest.raises(StoreUnavailable):
        await media.put(b"ABC", mime="image/png", person=None, now=NOW, keep_seconds=None)


async def test_more_names_than_a_page_holds_come_in_order(bucket: str) -> None:
    async with S3Blobs.open(bucket, KEY, seconds=20.0) as blobs:
        for number in range(7):
            await blobs.write(f"until/{number}", b"")
        import bot.adapters.media.s3 as module

        page, module.PAGE = module.PAGE, 3
        try:
            assert await blobs.names("until/", 5) == [f"until/{number}" for number in range(5)]
            assert len(await blobs.names("until/", 100)) == 7
        finally:
            module.PAGE = page


async def test_an_object_store_that_is_away_or_refuses_is_an_unavailable_store(s3_server: S3Server) -> None:
    async with S3Blobs.open(f"{s3_server.url}/no-such-bucket", KEY, seconds=20.0) as blobs:
        for call in (blobs.write("x", b""), blobs.read("x"), blobs.names("x/", 1), blobs.ping()):
            with pytest.raises(StoreUnavailable):
                await call
    async with S3Blobs.open("http://127.0.0.1:9/bucket", KEY) as blobs:
        with pytest.raises(StoreUnavailable):
            await blobs.read("x")


@pytest.mark.parametrize("body", [b"", b"<a", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', bytes(5 * 1024 * 1024)])
async def test_a_list_that_is_none_is_an_unavailable_store(body: bytes) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(body)))
    with pytest.raises(StoreUnavailable):
        await S3Blobs("http://example/bucket", KEY, transport=transport).names("until/", 1)


NAMES = st.text(st.characters(codec="ascii", exclude_characters="\r\n\0", min_codepoint=32), min_size=1, max_size=20)


@example("GET", "a", "s", {"0": "0", "00": "0"}, b"", "us-east-1")
@given(
    st.sampled_from(["GET", "PUT", "DELETE"]), NAMES, NAMES, st.dictionaries(NAMES, NAMES, max_size=3), st.binary(max_size=50),
    st.sampled_from(["us-east-1", "ap-south-1"]),
)  # fmt: skip
def test_the_signature_is_the_one_that_botocore_makes(
    method: str, access: str, secret: str, query: dict[str, str], data: bytes, region: str
) -> None:
    access = "".join(char for char in access if char.isalnum()) or "a"
    ours = signed(Key(access, secret, region), method, "http://example:9000", "/bucket/files/a%20b", query, data, now=NOW)
    request = AWSRequest(method, str(ours.url), data=data, headers={"x-amz-content-sha256": ours.headers["x-amz-content-sha256"]})
    request.context["timestamp"] = ours.headers["x-amz-date"]
    request.context["payload_signing_enabled"] = True
    auth = S3SigV4Auth(Credentials(access, secret), "s3", region)
    request.headers["X-Amz-Date"] = ours.headers["x-amz-date"]
    canonical = auth.canonical_request(request)
    expected = auth.signature(auth.string_to_sign(request, canonical), request)
    assert ours.headers["authorization"].endswith(f"Signature={expected}")


def test_the_keys_do_not_show() -> None:
    assert "secret" not in repr(Key("access", "secret"))
