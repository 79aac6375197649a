"""Keys of what is stored: data keys that lie wrapped beside the data, and the master key that unwraps them."""

from __future__ import annotations

from typing import Literal, Protocol

from msgspec import Struct

Purpose = Literal["data", "index", "people"]
"""``data``: seals what is stored. ``index``: makes the names under which something sealed is found again. ``people``: makes
people's ids of their numbers. A release that does not know it cannot read the keys and does not start: it would make others."""


class WrappedKey(Struct, frozen=True):
    """One key of one tenant as it may lie anywhere. ``number`` counts from 1 for each purpose; ``at``: from when on it seals
    (Unix seconds); ``master``: the id of the master key that wrapped it."""

    tenant: str
    purpose: Purpose
    number: int
    id: str  # 16 hex digits; they travel with everything that the key sealed
    at: float
    master: str
    wrapped: str  # base64


class MasterKey(Protocol):
    """A key management service, or a key that was given to us. It sees data keys and never data."""

    @property
    def id(self) -> str:
        """Which of its keys wraps now."""

    async def wrap(self, key: bytes, bound: bytes) -> bytes:
        """``bound`` must be given again to unwrap. Raises KeysUnavailable when it does not answer."""

    async def unwrap(self, wrapped: bytes, master: str, bound: bytes) -> bytes:
        """Raises KeysUnavailable when it does not answer, ConfigError when it has no key ``master``, Tampered for another's."""

    async def sustain(self) -> None:
        """Keep the way to it open, where that needs something (a token that ends). Called often; mostly does nothing.
        Raises KeysUnavailable or ConfigError."""

    @property
    def left(self) -> float:
        """The share of its time in which the way stays open by itself; 1.0 where it has no end."""


class KeyPlace(Protocol):
    """Where wrapped keys lie: in the durable store, and so in its backups. Raises StoreUnavailable."""

    async def wrapped(self, tenant: str) -> list[WrappedKey]:
        """By purpose and number."""

    async def add(self, key: WrappedKey) -> bool:
        """False, and nothing is stored, when that number is taken."""

    async def rewrap(self, key: WrappedKey) -> None:
        """Put another wrapping in the place of the same key's."""

    async def drop(self, key: WrappedKey) -> None:
        """Forget it."""

    async def unkeyed(self) -> bool:
        """Whether anybody is stored here under an id that was made without a key (``bot.model.ids``)."""
