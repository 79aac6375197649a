"""Open the place for files that the settings name: an S3-compatible bucket, or a folder."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.adapters.media.blobs import Blobs
from bot.adapters.media.folder import FolderBlobs
from bot.adapters.media.s3 import S3Blobs
from bot.adapters.media.sealed import SealedBlobs
from bot.adapters.media.signing import Key
from bot.adapters.media.store import BlobMedia
from bot.ports.media import MediaStore
from bot.sealing.seals import Seals
from config.settings import Settings


@asynccontextmanager
async def open_media(settings: Settings, seals: Seals) -> AsyncIterator[MediaStore]:
    async with open_blobs(settings) as blobs:
        yield BlobMedia(SealedBlobs(blobs, seals))


@asynccontextmanager
async def open_blobs(settings: Settings) -> AsyncIterator[Blobs]:
    """The place alone, with what lies there as it lies there."""
    if settings.s3_url is None or settings.s3_access_key is None or settings.s3_secret_key is None:
        yield FolderBlobs(settings.data_dir / "media")
        return
    key = Key(settings.s3_access_key.get_secret_value(), settings.s3_secret_key.get_secret_value(), settings.s3_region)
    async with S3Blobs.open(settings.s3_url, key) as blobs:
        yield blobs
