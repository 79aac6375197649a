"""Everything the gateway took for delivery to a phone, in order: what tests assert on."""

from __future__ import annotations

from collections import deque
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
        self._all: deque[Accepted] = deque(maxlen=limit)
        self.total = 0  # ever accepted, also those forgotten since

    def add(self, **fields: Any) -> Accepted | None:
        self.total += 1
        if not self._all.maxlen:
            return None
        accepted = Accepted(seq=self.total, **fields)
        self._all.append(accepted)
        return accepted

    def all(self) -> list[Accepted]:
        return list(self._all)

    def of(self, number: str) -> list[Accepted]:
        return [accepted for accepted in self._all if accepted.number == number]

    def numbers(self) -> set[str]:
        return {accepted.number for accepted in self._all}

    def clear(self) -> None:
        self._all.clear()
        self.total = 0
