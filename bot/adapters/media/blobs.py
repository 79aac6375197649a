"""Bytes under names: the little that a place for files has to offer."""

from __future__ import annotations

from typing import Protocol


class Blobs(Protocol):
    """Names are like paths, of letters, digits, dashes and slashes. Every method raises StoreUnavailable."""

    async def write(self, name: str, data: bytes) -> None:
        """Whole or not at all; what was there is replaced."""

    async def read(self, name: str) -> bytes | None: ...

    async def remove(self, name: str) -> None:
        """What is not there is no trouble."""

    async def names(self, prefix: str, limit: int) -> list[str]:
        """The first ``limit`` names in the room that the prefix names (it ends with a slash), in their order."""

    async def ping(self) -> None: ...
