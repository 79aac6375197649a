"""Fast, atomic state on Redis 7+ or Valkey. Nothing outside this package knows a key or a command."""

from __future__ import annotations

from bot.adapters.redis.aid import RedisAid
from bot.adapters.redis.buckets import RedisBuckets
from bot.adapters.redis.budget import RedisBudget
from bot.adapters.redis.caps import RedisCaps
from bot.adapters.redis.census import RedisCensus
from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.deliveries import RedisDeliveries
from bot.adapters.redis.directory import RedisDirectory
from bot.adapters.redis.footprint import RedisFootprint
from bot.adapters.redis.sessions import RedisSessions
from bot.adapters.redis.timers import RedisTimers

__all__ = [
    "Coalescing",
    "RedisAid",
    "RedisBuckets",
    "RedisBudget",
    "RedisCaps",
    "RedisCensus",
    "RedisDeliveries",
    "RedisDirectory",
    "RedisFootprint",
    "RedisSessions",
    "RedisTimers",
]
