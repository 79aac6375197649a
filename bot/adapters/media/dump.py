"""Files of the media folder, in the order of their names, so that an unchanged file is stored once by what keeps the backups."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from bot.errors import Malformed, StoreUnavailable
from bot.ports.dump import Frame

CHUNK = 1024 * 1024


class FolderDump:
    """Implements ``bot.ports.dump.Dump``."""

    part = "media"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def frames(self, cut: float) -> AsyncIterator[Frame]:
        for path in await asyncio.to_thread(self._files):
            try:
                with path.open("rb") as file:
                    number = 0
                    while (chunk := await asyncio.to_thread(file.read, CHUNK)) or number == 0:
                        yield Frame(self.part, str(path.relative_to(self._folder)), chunk, number)
                        number += 1
            except FileNotFoundError:
                continue  # its time was over meanwhile
            except OSError as error:
                raise StoreUnavailable("The media folder cannot be read.") from error

    async def empty(self) -> bool:
        return not await asyncio.to_thread(self._files)

    async def load(self, frame: Frame) -> None:
        path = self._folder / frame.name
        if not path.resolve().is_relative_to(self._folder.resolve()):
            raise Malformed("A file of the backup would lie outside of the media folder.", code="backup_unsafe")

        def write() -> None:
            for folder in (self._folder, *reversed([up for up in path.parents if self._folder in up.parents])):
                folder.mkdir(mode=0o700, parents=folder == self._folder, exist_ok=True)
            with path.open("ab" if frame.number else "wb") as file:
                file.write(frame.data)

        try:
            await asyncio.to_thread(write)
        except OSError as error:
            raise StoreUnavailable("The media folder cannot be written.") from error

    async def loaded(self) -> None:
        return None

    def _files(self) -> list[Path]:
        return sorted(path for path in self._folder.rglob("*") if path.is_file() and not path.name.startswith("."))
