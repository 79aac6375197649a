"""A store of files of each kind; every test of this folder that asks for ``media`` runs on both."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from bot.adapters.media import BlobMedia, FolderBlobs, S3Blobs
from bot.adapters.media.blobs import Blobs
from bot.adapters.media.sealed import SealedBlobs
from bot.adapters.media.signing import Key, signed
from tests.sealed import SEALS
from tests.servers.process import ServerProcess

KEY = Key("access", "secret")


class S3Server(ServerProcess):
    """An object store: moto's server, a look-alike of S3."""

    name = "s3"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        return [str(Path(sys.executable).with_name("moto_server")), "-H", "127.0.0.1", "-p", str(self.port)]

    def answers(self) -> bool:
        try:
            return httpx.get(self.url, timeout=2.0).status_code < 500
        except httpx.TransportError:
            return False

    def make_bucket(self, name: str) -> str:
        with httpx.Client(timeout=5.0) as client:
            client.send(signed(KEY, "PUT", self.url, f"/{name}", {}, b"", now=1_800_000_000)).raise_for_status()
        return f"{self.url}/{name}"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    server = S3Server()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def bucket(s3_server: S3Server, request: pytest.FixtureRequest) -> str:
    return s3_server.make_bucket(f"b{abs(hash(request.node.nodeid))}")


@pytest.fixture(params=["folder", "s3"])
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    if request.param == "folder":
        yield FolderBlobs(tmp_path / "media")
    else:
        async with S3Blobs.open(request.getfixturevalue("bucket"), KEY, seconds=20.0) as s3:
            yield s3


@pytest.fixture
def media(blobs: Blobs) -> BlobMedia:
    return BlobMedia(SealedBlobs(blobs, SEALS))
