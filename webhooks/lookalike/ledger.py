"""Everything the gateway took for delivery to a phone, in order: what tests assert on."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import Any

from msgspec import Struct


class Accepted(Struct, eq=False):
    """One message that reached a phone. ``told`` False: the caller never heard that it did."""

    seq: int
    id: str
    instance: str
    number: str  # the digits that the caller gave
    endpoint: str
    text: str
    at: float
    told: bool
    body: dict[str, Any]


class Ledger:
    """The last ``limit`` accepted messages."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._all: deque[Accepted] = deque()
        self._of: defaultdict[str, deque[Accepted]] = defaultdict(deque)
        self.total = 0  # ever accepted, also those forgotten since

    def add(self, **fields: Any) -> Accepted | None:
        self.total += 1
        if self._limit == 0:
            return None
        if len(self._all) == self._limit:
            self._forget(self._all.popleft().number)
        accepted = Accepted(seq=self.total, **fields)
        self._all.append(accepted)
        self._of[accepted.number].append(accepted)
        return accepted

    def all(self) -> list[Accepted]:
        return list(self._all)

    def of(self, number: str) -> list[Accepted]:
        return list(self._of.get(number, ()))

    def numbers(self) -> set[str]:
        return set(self._of)

    def clear(self) -> None:
        self._all.clear()
        self._of.clear()
        self.total = 0

    def _forget(self, number: str) -> None:
        """The oldest message of all is also the oldest of its number."""
        self._of[number].popleft()
        if not self._of[number]:
            del self._of[number]
