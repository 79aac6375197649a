"""All engines that a running service works with, and which these are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.adapters.media.sealed import SealedBlobs
from bot.adapters.media.store import BlobMedia
from bot.adapters.media.tombstones import BlobTombstones
from bot.adapters.redis.aid import RedisAid
from bot.adapters.redis.alone import refuse_cluster
from bot.adapters.redis.buckets import RedisBuckets
from bot.adapters.redis.budget import RedisBudget
from bot.adapters.redis.caps import RedisCaps
from bot.adapters.redis.census import RedisCensus
from bot.adapters.redis.deliveries import RedisDeliveries
from bot.adapters.redis.directory import RedisDirectory
from bot.adapters.redis.footprint import RedisFootprint
from bot.adapters.redis.sessions import RedisSessions
from bot.adapters.redis.timers import RedisTimers
from bot.app.connections import answering, bus_at, keyring_of, open_redis_url, open_sealed_store, opened, sessions_at
from bot.app.media import open_blobs
from bot.ports.aid import Aid
from bot.ports.buckets import Buckets
from bot.ports.budget import Budget
from bot.ports.bus import Bus
from bot.ports.media import MediaStore
from bot.ports.remains import Footprint
from bot.ports.sessions import Caps, Census, Deliveries, Directory, Sessions, Timers
from bot.ports.store import Store
from bot.ports.tombstones import Tombstones
from bot.sealing.bus import SealedBus
from bot.sealing.keyring import Keyring
from config.settings import Settings


@dataclass(frozen=True)
class Engines:
    bus: Bus
    sessions: Sessions
    deliveries: Deliveries
    aid: Aid
    caps: Caps
    budget: Budget
    channel_budget: Budget
    buckets: Buckets
    timers: Timers
    directory: Directory
    census: Census
    footprint: Footprint
    store: Store
    media: MediaStore
    tombstones: Tombstones
    keys: Keyring


TALKING = frozenset({"ingress", "sender"})
"""The roles that talk with a gateway."""


def engine_names(settings: Settings) -> dict[str, str]:
    """Which implementation serves each port, for people."""
    return {
        "bus": "RabbitMQ" if settings.rabbitmq_url else "Streams on the session engine",
        "sessions": "Redis" if settings.redis_url else "embedded Valkey",
        "store": "MongoDB" if settings.mongodb_url else "embedded SQLite",
        "media": "S3" if settings.s3_url else "folder",
        "gateway": _gateway_name(settings),
    }


def split_problem(settings: Settings, role: str) -> str | None:
    """Why the role cannot run alone with these settings; None when it can."""
    missing = [
        name
        for name, value in (("PROCARE_REDIS_URL", settings.redis_url), ("PROCARE_MONGODB_URL", settings.mongodb_url))
        if value is None
    ]
    if missing:
        return f"a role alone shares its engines with others: set {' and '.join(missing)}, or run all in one: `procare serve`"
    if role in TALKING and settings.evolution_url is None and not settings.meta:
        return (
            f"{role} alone needs a gateway: set PROCARE_EVOLUTION_URL or PROCARE_META_NUMBERS, "
            "or run all in one with `procare serve`"
        )
    return None


def _gateway_name(settings: Settings) -> str:
    meta = ["Meta's Cloud API"] if settings.meta else []
    if settings.evolution_url:
        return " and ".join(["Evolution API", *meta])
    return " and ".join([*meta, *(["local look-alike"] if settings.loopback else [])])


@asynccontextmanager
async def open_engines(settings: Settings) -> AsyncIterator[Engines]:
    """All engines. Raises ConfigError, or Unavailable when one does not answer within a minute."""
    async with AsyncExitStack() as stack:
        keys = keyring_of(settings)
        redis_url = await stack.enter_async_context(open_redis_url(settings))
        client = await stack.enter_async_context(sessions_at(redis_url, settings))
        directory = RedisDirectory(client, seals=keys)
        await answering(directory.ping)
        await refuse_cluster(client)
        store = await opened(stack, lambda: open_sealed_store(settings, keys))
        bus: Bus = SealedBus(await opened(stack, lambda: bus_at(settings, redis_url)), keys)
        blobs = await stack.enter_async_context(open_blobs(settings))
        yield Engines(
            bus=bus,
            sessions=RedisSessions(client, seals=keys),
            deliveries=RedisDeliveries(client, seals=keys),
            aid=RedisAid(client, seals=keys),
            caps=RedisCaps(client),
            budget=RedisBudget(client),
            channel_budget=RedisBudget(client, "pc:cost"),
            buckets=RedisBuckets(client),
            timers=RedisTimers(client, seals=keys),
            directory=directory,
            census=RedisCensus(client, seals=keys),
            footprint=RedisFootprint(client, seals=keys),
            store=store,
            media=BlobMedia(SealedBlobs(blobs, keys)),
            tombstones=BlobTombstones(blobs, keys),
            keys=keys,
        )
