"""Files that people sent and files that we made: bytes under a reference, with a day on which they go."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from bot.model.ids import PersonId


class StoredFile(Struct, frozen=True, omit_defaults=True):
    """One file as it lies there. ``person``: whose it is (None: the dialogues' own). ``until``: when it goes (None: it stays)."""

    ref: str
    mime: str
    size: int  # bytes
    at: float
    person: PersonId | None = None
    until: float | None = None


class MediaStore(Protocol):
    """Idempotent: the same bytes of the same person are the same file under the same reference, and those of somebody else are
    another one, so that forgetting a file never takes it from anybody else. A file that is put again stays for the longer of its
    two times.

    Every method raises StoreUnavailable when the store does not answer, and Malformed for what is no reference of ours.
    """

    async def put(self, data: bytes, *, mime: str, person: PersonId | None, now: float, keep_seconds: float | None) -> str:
        """Returns the reference once the bytes are safe. ``keep_seconds`` None: until somebody deletes it."""

    async def get(self, ref: str) -> bytes | None:
        """None when it is not there (any more)."""

    async def about(self, ref: str) -> StoredFile | None:
        """What is known of it, without its bytes."""

    async def keep(self, ref: str, *, now: float, keep_seconds: float | None) -> bool:
        """Give it another time, longer or shorter, from now on. False when it is not there."""

    async def delete(self, ref: str) -> bool:
        """False when it was not there. Repeating is harmless."""

    async def of(self, person: PersonId) -> list[str]:
        """References of all that is somebody's."""

    async def names_of(self, person: PersonId) -> list[str]:
        """Under which names the store has anything of somebody, also half-deleted files. Changes nothing."""

    async def expired(self, now: float, limit: int = 1000) -> list[str]:
        """References of files whose time is over."""

    async def ping(self) -> None:
        """Raises StoreUnavailable when the store does not answer."""
