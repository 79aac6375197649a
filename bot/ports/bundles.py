"""Published content in the durable store: immutable bundles by version, and the history of what was current when.

Every method raises StoreUnavailable when the engine does not answer in time.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct


class Publication(Struct, frozen=True, omit_defaults=True):
    """One change of what is current. ``number`` counts from 1; the highest is current. ``back``: it was a rollback."""

    number: int
    version: str
    at: float
    by: str
    note: str | None = None
    back: bool = False


class Kept(Struct, frozen=True):
    """A bundle that is there. ``at``: when it was last kept, ``size``: packed bytes."""

    version: str
    at: float
    size: int


class Bundles(Protocol):
    async def keep(self, version: str, packed: bytes, *, at: float) -> None:
        """Store a bundle under its hash. Idempotent: what is there already stays as it is, only its time is new."""

    async def bundle(self, version: str) -> bytes | None:
        """The packed bundle, or None when nobody kept it or it was forgotten."""

    async def kept(self) -> list[Kept]:
        """All bundles, the one that was kept last first."""

    async def publish(self, publication: Publication) -> None:
        """Make a kept version current. Raises Conflict, and changes nothing, unless ``number`` is one more than the last: then
        somebody else published in between. Raises ConfigError when the bundle is not there."""

    async def history(self, limit: int = 50) -> list[Publication]:
        """Newest first: the current one, the one before it, ..."""

    async def forget(self, version: str) -> bool:
        """Remove a bundle. False, and nothing is removed, when it is current or was before the current one."""
