"""The durable record, counts and buckets in memory, for rehearsals and tests: the same contracts, nothing on a disk."""

from __future__ import annotations

from bot.adapters.memory.buckets import MemoryBuckets
from bot.adapters.memory.caps import MemoryCaps
from bot.adapters.memory.store import MemoryStore

__all__ = ["MemoryBuckets", "MemoryCaps", "MemoryStore"]
