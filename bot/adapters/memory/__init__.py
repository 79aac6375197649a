"""The durable record in memory, for rehearsals and tests: the same contract, nothing on a disk."""

from __future__ import annotations

from bot.adapters.memory.store import MemoryStore

__all__ = ["MemoryStore"]
