"""Files sealed anew, one at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator

from bot.adapters.media.blobs import Blobs
from bot.adapters.media.sealed import ROOM, SealedBlobs
from bot.errors import Malformed
from bot.ports.resealing import Step
from bot.sealing.seals import Seals

MOST = 10_000_000
"""Files; a walk is bounded."""


class MediaResealing:
    """Implements ``bot.ports.resealing.Resealing``."""

    place = "media"

    def __init__(self, blobs: Blobs, seals: Seals) -> None:
        self._blobs, self._sealed, self._seals = blobs, SealedBlobs(blobs, seals), seals

    async def steps(self) -> AsyncIterator[Step]:
        for name in await self._blobs.names(ROOM, MOST):
            held = await self._blobs.read(name)
            if held is None or self._seals.fresh(held):
                continue
            try:
                data = await self._sealed.read(name)
            except Malformed:
                yield Step(0, 1)
                continue
            if data is not None:
                await self._sealed.write(name, data)
                if await self._blobs.read(f"about/{name.removeprefix(ROOM)}") is None:
                    await self._blobs.remove(name)  # somebody deleted it meanwhile
                yield Step(1)
