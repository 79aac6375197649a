"""Any place for files with sealed bytes. Names, sizes and times stay readable, so that tidying costs what it did."""

from __future__ import annotations

import asyncio

from bot.adapters.media.blobs import Blobs
from bot.sealing.seals import Seals

LARGE = 256 * 1024  # bytes from which on a thread seals, so that nobody waits for it
ROOM = "files/"


class SealedBlobs:
    """Implements ``Blobs``. Bound to the name: a file cannot be put in another's place."""

    def __init__(self, blobs: Blobs, seals: Seals) -> None:
        self._blobs, self._seals = blobs, seals

    async def write(self, name: str, data: bytes) -> None:
        if name.startswith(ROOM):
            seal = self._seals.seal
            data = await asyncio.to_thread(seal, data, "media", name, "") if len(data) > LARGE else seal(data, "media", name, "")
        await self._blobs.write(name, data)

    async def read(self, name: str) -> bytes | None:
        data = await self._blobs.read(name)
        if data is None or not name.startswith(ROOM):
            return data
        opened = self._seals.open
        return await asyncio.to_thread(opened, data, "media", name, "") if len(data) > LARGE else opened(data, "media", name, "")

    async def remove(self, name: str) -> None:
        await self._blobs.remove(name)

    async def names(self, prefix: str, limit: int) -> list[str]:
        return await self._blobs.names(prefix, limit)

    async def ping(self) -> None:
        await self._blobs.ping()
