"""What agents keep that changes: cases, appointments, sagas, medicines, enrolments. One document, one owner, compare-and-swap.

Every method raises StoreUnavailable when the engine does not answer in time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec import Struct

from bot.errors import Malformed
from bot.model.ids import PersonId

T = TypeVar("T")


class Document(Struct, frozen=True, omit_defaults=True):
    """``version`` is the one that was read, 0 of a new one. ``due`` (Unix seconds): when its agent has to look at it again.
    ``state`` is a word that staff filter by."""

    kind: str
    id: str
    person: PersonId
    at: float
    version: int = 0
    due: float | None = None
    state: str = ""
    data: dict[str, Any] = {}


def held_in(document: Document, kind: type[T]) -> T:
    """What a document holds, as its agent's own type. Raises Malformed (``stored_unreadable``) where it is of no such form."""
    try:
        return msgspec.convert(document.data, kind)
    except msgspec.ValidationError as error:
        raise Malformed(f"{document.kind} cannot be read: {error}", code="stored_unreadable") from error


class Documents(Protocol):
    async def get(self, kind: str, id_: str) -> Document | None:
        """None when it is not there."""

    async def save(self, document: Document) -> bool:
        """Store it as ``version + 1``. False, and nothing is stored, when another version stands there: read again, decide
        again. A new document (version 0) is not stored when there is one already."""

    async def of(self, person: PersonId, kind: str, limit: int = 100) -> list[Document]:
        """Those of one person, the newest ``at`` first."""

    async def listed(self, kind: str, *, state: str | None = None, limit: int = 100, after: str | None = None) -> list[Document]:
        """Of all people, in the order of their ids, from the one after ``after`` on."""

    async def claim_due(self, kinds: Sequence[str], now: float, limit: int, lease: float) -> list[Document]:
        """Take those that are due: nobody else gets them for ``lease`` seconds; afterwards they are due again unless they were
        saved meanwhile. The version stays, so that saving works as if ``due`` had not been touched."""
