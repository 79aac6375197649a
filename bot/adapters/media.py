"""Files that people sent, in a folder, named by the hash of their content."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import secrets
from pathlib import Path

from bot.errors import Malformed, StoreUnavailable

_REF = re.compile(r"sha256-[0-9a-f]{64}")


class FolderMedia:
    """``put`` is idempotent: the same bytes are the same file. The folder is readable by its owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, data: bytes, mime: str | None) -> str:
        """Returns the reference when the bytes are on the disk. ``mime`` is the message's business, not the file's."""
        try:
            return await asyncio.to_thread(self.keep, data)
        except OSError as error:
            raise StoreUnavailable("The media folder cannot be written.") from error

    async def get(self, ref: str) -> bytes | None:
        """None when it is not there (any more)."""
        path = self._path(ref)
        try:
            return await asyncio.to_thread(path.read_bytes)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable("The media folder cannot be read.") from error

    def keep(self, data: bytes) -> str:
        """The same in the caller's thread. Raises OSError."""
        ref = f"sha256-{hashlib.sha256(data).hexdigest()}"
        path = self._path(ref)
        if path.exists():
            return ref
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        return ref

    def _path(self, ref: str) -> Path:
        if not _REF.fullmatch(ref):
            raise Malformed("That is no reference to a file.", code="bad_media_ref")
        digest = ref.removeprefix("sha256-")
        return self._folder / digest[:2] / digest
