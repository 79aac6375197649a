"""A bounded memory of what was looked up lately."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

AT_ONCE: Final = 2  # forgotten entries that go with a new one
Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """At most ``most`` entries; the half that was not asked for again is forgotten, so that common words always stay.

    What is forgotten goes a few entries with each new one: 20,000 words let go at once held one message up for ten milliseconds.
    """

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}
        self._gone: dict[Key, Value] = {}  # not asked again, and shrinking twice as fast as the young ones grow

    def get(self, key: Key) -> Value | None:
        found = self._young.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: Key, value: Value) -> None:
        if len(self._young) >= self._half:
            self._gone, self._old, self._young = self._old, self._young, {}
        gone = self._gone
        for _ in range(min(AT_ONCE, len(gone))):
            gone.popitem()
        self._young[key] = value
