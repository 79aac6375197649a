"""Tombstones where the files lie: in the bucket, which no restore touches, or in the folder, which a restore adds to.

They hold opaque ids and a time, and a proof under the index key, which never changes. Not sealed: a data key that was made after
the backup is gone with what it is to be read after.
"""

from __future__ import annotations

import logging

import msgspec
from msgspec import Struct

from bot.adapters.media.blobs import Blobs
from bot.ports.tombstones import Tombstone
from bot.sealing.seals import Seals

log = logging.getLogger(__name__)

ROOM = "erased/"
MOST = 1_000_000


class Proven(Struct, frozen=True):
    stone: Tombstone
    proof: str


_decoder = msgspec.json.Decoder(Proven)


class BlobTombstones:
    """Implements ``bot.ports.tombstones.Tombstones``."""

    def __init__(self, blobs: Blobs, seals: Seals) -> None:
        self._blobs, self._seals = blobs, seals

    async def put(self, stone: Tombstone) -> None:
        await self._blobs.write(ROOM + stone.receipt, proven(stone, self._seals))

    async def all(self) -> list[Tombstone]:
        found = []
        for name in await self._blobs.names(ROOM, MOST):
            held = read(await self._blobs.read(name))
            if held is not None and held.proof == proof_of(held.stone, self._seals) and name == ROOM + held.stone.receipt:
                found.append(held.stone)
            else:
                log.error("a tombstone is not ours", extra={"action": "tombstone_unproven"})
        return found


def proven(stone: Tombstone, seals: Seals) -> bytes:
    return msgspec.json.encode(Proven(stone, proof_of(stone, seals)))


def read(raw: bytes | None) -> Proven | None:
    """None for what is none."""
    try:
        return None if raw is None else _decoder.decode(raw)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def proof_of(stone: Tombstone, seals: Seals) -> str:
    return seals.blind("tombstone", msgspec.json.encode(stone).decode())
