"""Where files lie: one store over two kinds of places, a folder and an S3-compatible service."""

from bot.adapters.media.folder import FolderBlobs
from bot.adapters.media.s3 import S3Blobs
from bot.adapters.media.store import BlobMedia

__all__ = ["BlobMedia", "FolderBlobs", "S3Blobs"]
