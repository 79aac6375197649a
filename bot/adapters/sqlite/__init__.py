"""The durable record in one SQLite file, for installations without a MongoDB."""

from __future__ import annotations

from bot.adapters.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
