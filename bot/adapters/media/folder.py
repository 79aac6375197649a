"""Files in a folder: the embedded form. It is readable by its owner only."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from heapq import nsmallest
from pathlib import Path
from typing import TypeVar

from bot.errors import StoreUnavailable

T = TypeVar("T")
_SPREAD = frozenset({"files", "about"})
"""Rooms of which nobody but who encrypts anew wants a list: there may be very many, so they lie in sub-folders."""


class FolderBlobs:
    """The place ``Blobs`` as a folder. Every call runs in a thread; a write is on the disk when it returns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def write(self, name: str, data: bytes) -> None:
        await self._in_thread(lambda: self._write(self._path(name), data), "written")

    async def read(self, name: str) -> bytes | None:
        return await self._in_thread(lambda: _read(self._path(name)), "read")

    async def remove(self, name: str) -> None:
        await self._in_thread(lambda: self._remove(self._path(name)), "written")

    async def names(self, prefix: str, limit: int) -> list[str]:
        return await self._in_thread(lambda: self._names(prefix, limit), "read")

    async def ping(self) -> None:
        await self._in_thread(lambda: self._make(self._folder), "written")

    async def _in_thread(self, call: Callable[[], T], what: str) -> T:
        try:
            return await asyncio.to_thread(call)
        except OSError as error:
            raise StoreUnavailable(f"The media folder cannot be {what}.") from error

    def _path(self, name: str) -> Path:
        room, _, rest = name.partition("/")
        return self._folder / room / rest[:2] / rest if room in _SPREAD else self._folder / name

    def _make(self, folder: Path) -> None:
        """With the folders above it, up to ours: mkdir's own ``parents`` would let everybody read those."""
        if not folder.is_dir():
            if folder != self._folder:
                self._make(folder.parent)
            folder.mkdir(mode=0o700, parents=folder == self._folder, exist_ok=True)

    def _remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        if path.parent.parent.name == "people":  # the empty folder would still say who was here
            with suppress(OSError):
                path.parent.rmdir()

    def _write(self, path: Path, data: bytes) -> None:
        self._make(path.parent)
        try:
            self._put(path, data)
        except FileNotFoundError:  # somebody removed the last file there meanwhile, and the folder with it
            self._make(path.parent)
            self._put(path, data)

    def _put(self, path: Path, data: bytes) -> None:
        part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    def _names(self, prefix: str, limit: int) -> list[str]:
        folder = self._folder / prefix
        try:
            inner = folder.glob("*/*") if prefix.strip("/") in _SPREAD else folder.iterdir()
            names = [one.name for one in inner if not one.name.startswith(".")]
        except FileNotFoundError:
            return []
        return [prefix + name for name in nsmallest(limit, names)]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
