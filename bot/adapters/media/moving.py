"""Files whose owners' ids are put into other words. A file's own name stays: it is a hash that tells nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec

from bot.adapters.media.blobs import Blobs
from bot.adapters.media.resealing import MOST
from bot.adapters.media.tombstones import ROOM, proof_of, proven, read
from bot.ports.media import StoredFile
from bot.ports.moving import Names
from bot.ports.resealing import Step
from bot.ports.tombstones import Tombstone
from bot.sealing.seals import Seals

ABOUT = "about/"
_owners = msgspec.json.Decoder(StoredFile)


class MediaMoving:
    """Implements ``bot.ports.moving.Moving``."""

    place = "media"

    def __init__(self, blobs: Blobs, seals: Seals) -> None:
        self._blobs, self._seals = blobs, seals

    async def steps(self, names: Names, *, write: bool) -> AsyncIterator[Step]:
        for name in await self._blobs.names(ABOUT, MOST):
            about = await self._blobs.read(name)
            if about is None or names.raw(about) == about:
                continue
            if write:
                await names.settle()
                await self._move(name.removeprefix(ABOUT), about, names)
            yield Step(1)
        for name in await self._blobs.names(ROOM, MOST):
            raw = await self._blobs.read(name)
            held = read(raw)
            if raw is None or held is None or names.raw(raw) == raw:
                continue
            if held.proof != proof_of(held.stone, self._seals):
                yield Step(0, 1)
                continue
            if write:
                await names.settle()
                stone = msgspec.json.decode(names.raw(msgspec.json.encode(held.stone)), type=Tombstone)
                await self._blobs.write(name, proven(stone, self._seals))
            yield Step(1)

    async def _move(self, digest: str, about: bytes, names: Names) -> None:
        """What is known of it is written last: until then it is done once more."""
        owner = str(_owners.decode(about).person)
        await self._blobs.write(f"people/{names.text(owner)}/{digest}", b"")
        await self._blobs.remove(f"people/{owner}/{digest}")
        await self._blobs.write(ABOUT + digest, names.raw(about))
