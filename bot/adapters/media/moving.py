"""Files whose owners' ids are put into other words. A file's own name stays: it is a hash that tells nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from bot.adapters.media.blobs import Blobs
from bot.adapters.media.resealing import MOST
from bot.ports.media import StoredFile
from bot.ports.moving import Names
from bot.ports.resealing import Step

ABOUT = "about/"
_owners = msgspec.json.Decoder(StoredFile)


class MediaMoving:
    """Implements ``bot.ports.moving.Moving``."""

    place = "media"

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    async def steps(self, names: Names, *, write: bool) -> AsyncIterator[Step]:
        for name in await self._blobs.names(ABOUT, MOST):
            about = await self._blobs.read(name)
            if about is None or names.raw(about) == about:
                continue
            if write:
                await names.settle()
                await self._move(name.removeprefix(ABOUT), about, names)
            yield Step(1)

    async def _move(self, digest: str, about: bytes, names: Names) -> None:
        """What is known of it is written last: until then it is done once more."""
        owner = str(_owners.decode(about).person)
        await self._blobs.write(f"people/{names.text(owner)}/{digest}", b"")
        await self._blobs.remove(f"people/{owner}/{digest}")
        await self._blobs.write(ABOUT + digest, names.raw(about))
