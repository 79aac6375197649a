"""A store of files of each kind; every test of this folder that asks for ``media`` runs on both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.media import BlobMedia, FolderBlobs, S3Blobs
from bot.adapters.media.blobs import Blobs
from bot.adapters.media.sealed import SealedBlobs
from tests.sealed import SEALS
from tests.servers.s3 import KEY, S3Server


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
