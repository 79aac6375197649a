"""What adapters know of encryption: seal a value for its place, open what lies there, name something without saying it."""

from __future__ import annotations

from typing import Protocol


class Seals(Protocol):
    def seal(self, plain: bytes, kind: str, id_: str, field: str) -> bytes:
        """Bytes that only open in this place. Raises KeysUnavailable."""

    def open(self, held: bytes | str, kind: str, id_: str, field: str) -> bytes:
        """What was sealed in this place; what was stored before there were keys comes back as it is.

        Raises Tampered for what was changed or lay elsewhere, KeysUnavailable when the keys are not at hand."""

    def blind(self, what: str, text: str) -> str:
        """The same text always gets the same name, and nobody without the index key can make or undo it."""

    def fresh(self, held: bytes | str) -> bool:
        """Whether it is sealed with the key that seals now."""

    def key(self) -> str:
        """The id of the key that seals now."""


class Unsealed:
    """No encryption: for stores that never reach a disk, and for tests that look at what is written."""

    def seal(self, plain: bytes, kind: str, id_: str, field: str) -> bytes:
        return plain

    def open(self, held: bytes | str, kind: str, id_: str, field: str) -> bytes:
        return held.encode() if isinstance(held, str) else held

    def blind(self, what: str, text: str) -> str:
        return text

    def fresh(self, held: bytes | str) -> bool:
        return True

    def key(self) -> str:
        return ""


UNSEALED: Seals = Unsealed()
