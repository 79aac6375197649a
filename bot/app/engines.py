"""Open the engines that the settings name, or their embedded forms; close them in reverse."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

from redis.asyncio import Redis

from bot.adapters.embedded.valkey import EmbeddedValkey
from bot.adapters.media.moving import MediaMoving
from bot.adapters.media.resealing import MediaResealing
from bot.adapters.media.sealed import SealedBlobs
from bot.adapters.media.store import BlobMedia
from bot.adapters.media.tombstones import BlobTombstones
from bot.adapters.mongo.store import MongoStore
from bot.adapters.rabbit.bus import RabbitBus
from bot.adapters.redis.aid import RedisAid
from bot.adapters.redis.alone import refuse_cluster
from bot.adapters.redis.buckets import RedisBuckets
from bot.adapters.redis.budget import RedisBudget
from bot.adapters.redis.caps import RedisCaps
from bot.adapters.redis.census import RedisCensus
from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.redis.deliveries import RedisDeliveries
from bot.adapters.redis.directory import RedisDirectory
from bot.adapters.redis.footprint import RedisFootprint
from bot.adapters.redis.moving import RedisMoving
from bot.adapters.redis.resealing import RedisResealing
from bot.adapters.redis.sessions import RedisSessions
from bot.adapters.redis.timers import RedisTimers
from bot.adapters.sqlite.store import SqliteStore
from bot.adapters.streams.bus import StreamsBus
from bot.app.keys import make_keyring
from bot.app.media import open_blobs, open_media
from bot.errors import ConfigError, Unavailable
from bot.model.ids import ids_are_keyed, named_with
from bot.ports.aid import Aid
from bot.ports.audit import AuditLog
from bot.ports.buckets import Buckets
from bot.ports.budget import Budget
from bot.ports.bundles import Bundles
from bot.ports.bus import Bus
from bot.ports.documents import Documents
from bot.ports.keys import KeyPlace
from bot.ports.media import MediaStore
from bot.ports.moving import Moving
from bot.ports.remains import Footprint
from bot.ports.resealing import Resealing
from bot.ports.sessions import Caps, Census, Deliveries, Directory, Sessions, Timers
from bot.ports.store import Store
from bot.ports.tombstones import Tombstones
from bot.sealing.bus import SealedBus
from bot.sealing.keyring import Keyring
from bot.sealing.seals import UNSEALED
from config.settings import Settings

log = logging.getLogger(__name__)
T = TypeVar("T")

PATIENCE = 60.0
"""Seconds that a start waits for an engine that is still coming up."""


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


@dataclass(frozen=True)
class Desk:
    bundles: Bundles
    audit: AuditLog
    documents: Documents
    census: Census
    directory: Directory


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
        keys = _keyring(settings)
        redis_url = await stack.enter_async_context(open_redis_url(settings))
        client = await stack.enter_async_context(_sessions_at(redis_url, settings))
        directory = RedisDirectory(client, seals=keys)
        await answering(directory.ping)
        await refuse_cluster(client)
        store = await _opened(stack, lambda: _store(settings, keys))
        bus: Bus = SealedBus(await _opened(stack, lambda: _bus(settings, redis_url)), keys)
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


def _sessions_at(url: str, settings: Settings) -> AbstractAsyncContextManager[Coalescing]:
    """The command line's, too: what it did at the old master of a split network would be undone."""
    return Coalescing.open(url, replicas=settings.replicas_to_hold)


PARTS = ("bus", "sessions", "store", "media")


async def try_part(settings: Settings, part: str) -> str:
    """Open one engine, ask it for a sign of life, close it. Raises what is wrong with it."""
    async with AsyncExitStack() as stack:
        match part:
            case "bus":
                redis_url = "" if settings.rabbitmq_url else await stack.enter_async_context(open_redis_url(settings))
                await (await stack.enter_async_context(_bus(settings, redis_url))).ping()
            case "sessions":
                url = await stack.enter_async_context(open_redis_url(settings))
                client = await stack.enter_async_context(_sessions_at(url, settings))
                await RedisDirectory(client).ping()
                await refuse_cluster(client)
            case "media":
                await (await stack.enter_async_context(open_media(settings, UNSEALED))).ping()
            case _:
                await (await stack.enter_async_context(open_store(settings))).ping()
                return "ok" if ids_are_keyed() else "ok, but people's ids are plain hashes of their numbers: `procare migrate`"
    return "ok"


@asynccontextmanager
async def open_bus(settings: Settings) -> AsyncIterator[Bus]:
    """The bus alone, for the command line."""
    async with open_bus_and_audit(settings) as (bus, _):
        yield bus


@asynccontextmanager
async def open_bus_and_audit(settings: Settings) -> AsyncIterator[tuple[Bus, AuditLog]]:
    """For the command line, where somebody decides about messages."""
    async with AsyncExitStack() as stack:
        keys = _keyring(settings)
        redis_url = "" if settings.rabbitmq_url else await stack.enter_async_context(open_redis_url(settings))
        store = await stack.enter_async_context(_store(settings, keys))  # it holds the wrapped keys
        yield SealedBus(await stack.enter_async_context(_bus(settings, redis_url)), keys), store.audit


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """What the people who publish need, for the command line."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(open_redis_url(settings))
        client = await stack.enter_async_context(_sessions_at(url, settings))
        keys = _keyring(settings)
        store = await stack.enter_async_context(_store(settings, keys))
        census, directory = RedisCensus(client, seals=keys), RedisDirectory(client, seals=keys)
        yield Desk(store.bundles, store.audit, store.documents, census, directory)


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """The durable store alone, for the command line."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(_store(settings, _keyring(settings)))


@asynccontextmanager
async def open_keys(settings: Settings) -> AsyncIterator[tuple[Keyring, KeyPlace]]:
    """The keyring with its place, for the command line."""
    keys = _keyring(settings)
    async with _sealed_store(settings, keys) as store:
        yield keys, store.keys


@asynccontextmanager
async def open_resealing(settings: Settings) -> AsyncIterator[tuple[Keyring, list[Resealing]]]:
    """Everything that can be sealed anew, for the command line."""
    keys = _keyring(settings)
    async with AsyncExitStack() as stack:
        redis_url = await stack.enter_async_context(open_redis_url(settings))
        client = await stack.enter_async_context(_sessions_at(redis_url, settings))
        store = await stack.enter_async_context(_sealed_store(settings, keys))
        media = MediaResealing(await stack.enter_async_context(open_blobs(settings)), keys)
        yield keys, [store.resealing, RedisResealing(client, seals=keys), media]


@dataclass(frozen=True)
class Still:
    """Everything, while nothing else runs. Nobody is named here: what is there goes from one name to another."""

    keys: Keyring
    place: KeyPlace
    store: Store
    bus: Bus
    moving: list[Moving]


@asynccontextmanager
async def open_still(settings: Settings) -> AsyncIterator[Still]:
    """For the command line."""
    async with AsyncExitStack() as stack:
        keys = _keyring(settings)
        redis_url = await stack.enter_async_context(open_redis_url(settings))
        client = await stack.enter_async_context(_sessions_at(redis_url, settings))
        store = await stack.enter_async_context(_sealed_store(settings, keys, moving=True))
        bus = SealedBus(await stack.enter_async_context(_bus(settings, redis_url)), keys)
        media = MediaMoving(await stack.enter_async_context(open_blobs(settings)), keys)
        yield Still(keys, store.keys, store, bus, [store.moving, RedisMoving(client, seals=keys), media])


@asynccontextmanager
async def open_redis_url(settings: Settings) -> AsyncIterator[str]:
    """Where the session engine is; the embedded one runs until it is closed here."""
    if settings.redis_url is not None:
        yield settings.redis_url.get_secret_value()
        return
    _make_data_dir(settings)
    async with EmbeddedValkey.open(settings.data_dir) as valkey:
        yield valkey.url


def _store(settings: Settings, keys: Keyring) -> AbstractAsyncContextManager[Store]:
    return _sealed_store(settings, keys)


@asynccontextmanager
async def named_by(keys: Keyring) -> AsyncIterator[None]:
    """Whoever is named meanwhile is named as the installation does it."""
    if not keys.people:
        log.warning(
            "people's ids are plain hashes of their numbers here, which anybody can work out: run `procare migrate`",
            extra={"action": "ids_without_key"},
        )
    with named_with(keys.people):
        yield


@asynccontextmanager
async def _sealed_store(settings: Settings, keys: Keyring, *, moving: bool = False) -> AsyncIterator[SqliteStore | MongoStore]:
    """The store, which also holds the wrapped keys: they are read before anything else is."""
    naming = nullcontext() if moving else named_by(keys)
    if settings.mongodb_url is not None:
        url = settings.mongodb_url.get_secret_value()
        opened = MongoStore.open(url, settings.mongodb_database, seals=keys)
        async with opened as mongo, keys.fed(mongo.keys, moving=moving), naming:
            yield mongo
        return
    _make_data_dir(settings)
    path = settings.data_dir / "procare.sqlite"
    async with SqliteStore.open(path, seals=keys) as sqlite, keys.fed(sqlite.keys, moving=moving), naming:
        yield sqlite


def _keyring(settings: Settings) -> Keyring:
    if settings.developing:
        _make_data_dir(settings)
    return make_keyring(settings)


def _make_data_dir(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigError(f"PROCARE_DATA_DIR: cannot make {settings.data_dir}: {error.strerror}") from error


def _bus(settings: Settings, redis_url: str) -> AbstractAsyncContextManager[Bus]:
    if settings.rabbitmq_url is not None:
        return RabbitBus.open(settings.rabbitmq_url.get_secret_value(), deadline=settings.publish_seconds)
    return _streams(redis_url, settings.publish_seconds)


@asynccontextmanager
async def _streams(redis_url: str, deadline: float) -> AsyncIterator[Bus]:
    # One connection for each subscription's blocking reads, and some for the rest. No socket timeout: redis-py would put every
    # write under wait_for, which swallows cancellations on Python 3.11; the bus keeps its own deadlines.
    async with Redis.from_url(redis_url, protocol=2, decode_responses=False, socket_timeout=None, max_connections=2000) as client:
        yield StreamsBus(client, deadline=deadline)


async def _opened(stack: AsyncExitStack, make: Callable[[], AbstractAsyncContextManager[T]]) -> T:
    """Open an engine, waiting for one that is still starting."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            return await stack.enter_async_context(make())
        except Unavailable as error:
            if asyncio.get_running_loop().time() > deadline:
                raise
            log.warning("waiting for an engine", extra={"action": "engine_wait", "code": error.code})
            await asyncio.sleep(1.0)


async def answering(call: Callable[[], Awaitable[None]]) -> None:
    """Call until the engine answers, for as long as a start waits. Raises Unavailable after that."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            await call()
            return
        except Unavailable as error:
            if asyncio.get_running_loop().time() > deadline:
                raise
            log.warning("waiting for an engine", extra={"action": "engine_wait", "code": error.code})
            await asyncio.sleep(1.0)
