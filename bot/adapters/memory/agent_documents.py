"""Documents of the agents in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.model.ids import PersonId
from bot.ports.documents import Document

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(dict[str, Any])


def settled(data: dict[str, Any]) -> dict[str, Any]:
    """A copy of its own, in the form that a store on disk would give back: what is changed later, or not JSON, shows as there."""
    return _decoder.decode(_encoder.encode(data)) if data else {}


class MemoryDocuments:
    """Implements ``bot.ports.documents.Documents``."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[str, Document]] = {}
        self._owned: dict[tuple[PersonId, str], dict[str, None]] = {}
        self._due: list[tuple[float, str, str]] = []  # also times that were changed since: those are dropped when they come up

    @property
    def next_due(self) -> float | None:
        """When the next document is due, of any kind."""
        while self._due and not self._stands(*self._due[0]):
            heappop(self._due)
        return self._due[0][0] if self._due else None

    @property
    def kinds(self) -> list[str]:
        return sorted(self._kinds)

    async def get(self, kind: str, id_: str) -> Document | None:
        return self._kinds.get(kind, {}).get(id_)

    async def save(self, document: Document) -> bool:
        there = self._kinds.setdefault(document.kind, {})
        old = there.get(document.id)
        if (old.version if old else 0) != document.version:
            return False
        # The person is left alone: a merge may have changed it since it was read.
        person = old.person if old else document.person
        self._put(replace(document, version=document.version + 1, data=settled(document.data), person=person))
        return True

    async def of(self, person: PersonId, kind: str, limit: int = 100) -> list[Document]:
        there = self._kinds.get(kind, {})
        found = [there[id_] for id_ in self._owned.get((person, kind), ())]
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[: max(0, limit)]

    async def listed(self, kind: str, *, state: str | None = None, limit: int = 100, after: str | None = None) -> list[Document]:
        there = self._kinds.get(kind, {})
        found = [id_ for id_ in sorted(there) if id_ > (after or "") and state in (None, there[id_].state)]
        return [there[id_] for id_ in found[: max(0, limit)]]

    async def claim_due(self, kinds: Sequence[str], now: float, limit: int, lease: float) -> list[Document]:
        taken: list[Document] = []
        others: list[tuple[float, str, str]] = []
        while self._due and self._due[0][0] <= now and len(taken) < limit:
            entry = heappop(self._due)
            if not self._stands(*entry):
                continue
            _, kind, id_ = entry
            if kind not in kinds:
                others.append(entry)
                continue
            document = replace(self._kinds[kind][id_], due=now + lease)
            self._put(document)
            taken.append(document)
        for entry in others:
            heappush(self._due, entry)
        return taken

    def merge(self, old: PersonId, new: PersonId) -> None:
        for person, kind in [key for key in self._owned if key[0] == old]:
            for id_ in list(self._owned[person, kind]):
                self._put(replace(self._kinds[kind][id_], person=new))

    def everything_of(self, person: PersonId) -> list[Document]:
        """Newest first."""
        found = [self._kinds[kind][id_] for (whose, kind), ids in self._owned.items() if whose == person for id_ in ids]
        return sorted(found, key=lambda one: (one.at, one.id), reverse=True)

    def all_of(self, mine: Callable[[PersonId], bool]) -> list[Document]:
        return [self._kinds[kind][id_] for (whose, kind), ids in self._owned.items() if mine(whose) for id_ in ids]

    def erase(self, person: PersonId, until: float, keep: Sequence[str]) -> None:
        for (whose, kind), ids in self._owned.items():
            if kind not in keep and (whose == person or whose.startswith(f"{person}.")):
                for id_ in [id_ for id_ in ids if self._kinds[kind][id_].at <= until]:
                    del ids[id_], self._kinds[kind][id_]

    def clear(self) -> None:
        self._kinds.clear()
        self._owned.clear()
        self._due.clear()

    def _put(self, document: Document) -> None:
        old = self._kinds[document.kind].get(document.id)
        if old is not None and old.person != document.person:
            del self._owned[old.person, old.kind][old.id]
        self._kinds[document.kind][document.id] = document
        self._owned.setdefault((document.person, document.kind), {})[document.id] = None
        if document.due is not None and (old is None or old.due != document.due):
            heappush(self._due, (document.due, document.kind, document.id))

    def _stands(self, due: float, kind: str, id_: str) -> bool:
        found = self._kinds.get(kind, {}).get(id_)
        return found is not None and found.due == due
