"""The durable record on MongoDB 6+ (a replica set). The only package that knows motor."""

from __future__ import annotations

from bot.adapters.mongo.store import MongoStore

__all__ = ["MongoStore"]
