"""The durable record and the count of notices in memory, for rehearsals and tests: the same contracts, nothing on a disk."""

from __future__ import annotations

from bot.adapters.memory.caps import MemoryCaps
from bot.adapters.memory.store import MemoryStore

__all__ = ["MemoryCaps", "MemoryStore"]
