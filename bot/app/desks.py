"""What the command line opens: as much of the engines as a command needs, and not more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.adapters.media.moving import MediaMoving
from bot.adapters.media.resealing import MediaResealing
from bot.adapters.redis.alone import refuse_cluster
from bot.adapters.redis.census import RedisCensus
from bot.adapters.redis.directory import RedisDirectory
from bot.adapters.redis.moving import RedisMoving
from bot.adapters.redis.resealing import RedisResealing
from bot.app.connections import bus_at, keyring_of, open_redis_url, open_sealed_store, sessions_at
from bot.app.media import open_blobs, open_media
from bot.model.ids import ids_are_keyed
from bot.ports.audit import AuditLog
from bot.ports.bundles import Bundles
from bot.ports.bus import Bus
from bot.ports.documents import Documents
from bot.ports.keys import KeyPlace
from bot.ports.moving import Moving
from bot.ports.resealing import Resealing
from bot.ports.sessions import Census, Directory
from bot.ports.store import Store
from bot.sealing.bus import SealedBus
from bot.sealing.keyring import Keyring
from bot.sealing.seals import UNSEALED
from config.settings import Settings


@dataclass(frozen=True)
class Desk:
    bundles: Bundles
    audit: AuditLog
    documents: Documents
    census: Census
    directory: Directory


@asynccontextmanager
async def open_bus(settings: Settings) -> AsyncIterator[Bus]:
    """The bus alone, for the command line."""
    async with open_bus_and_audit(settings) as (bus, _):
        yield bus


@asynccontextmanager
async def open_bus_and_audit(settings: Settings) -> AsyncIterator[tuple[Bus, AuditLog]]:
    """For the command line, where somebody decides about messages."""
    async with AsyncExitStack() as stack:
        keys = keyring_of(settings)
        redis_url = "" if settings.rabbitmq_url else await stack.enter_async_context(open_redis_url(settings))
        store = await stack.enter_async_context(open_sealed_store(settings, keys))  # it holds the wrapped keys
        yield SealedBus(await stack.enter_async_context(bus_at(settings, redis_url)), keys), store.audit


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """What the people who publish need, for the command line."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(open_redis_url(settings))
        client = await stack.enter_async_context(sessions_at(url, settings))
        keys = keyring_of(settings)
        store = await stack.enter_async_context(open_sealed_store(settings, keys))
        census, directory = RedisCensus(client, seals=keys), RedisDirectory(client, seals=keys)
        yield Desk(store.bundles, store.audit, store.documents, census, directory)


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """The durable store alone, for the command line."""
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(open_sealed_store(settings, keyring_of(settings)))


@asynccontextmanager
async def open_keys(settings: Settings) -> AsyncIterator[tuple[Keyring, KeyPlace]]:
    """The keyring with its place, for the command line."""
    keys = keyring_of(settings)
    async with open_sealed_store(settings, keys) as store:
        yield keys, store.keys


@asynccontextmanager
async def open_resealing(settings: Settings) -> AsyncIterator[tuple[Keyring, list[Resealing]]]:
    """Everything that can be sealed anew, for the command line."""
    keys = keyring_of(settings)
    async with AsyncExitStack() as stack:
        redis_url = await stack.enter_async_context(open_redis_url(settings))
        client = await stack.enter_async_context(sessions_at(redis_url, settings))
        store = await stack.enter_async_context(open_sealed_store(settings, keys))
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
        keys = keyring_of(settings)
        redis_url = await stack.enter_async_context(open_redis_url(settings))
        client = await stack.enter_async_context(sessions_at(redis_url, settings))
        store = await stack.enter_async_context(open_sealed_store(settings, keys, moving=True))
        bus = SealedBus(await stack.enter_async_context(bus_at(settings, redis_url)), keys)
        media = MediaMoving(await stack.enter_async_context(open_blobs(settings)), keys)
        yield Still(keys, store.keys, store, bus, [store.moving, RedisMoving(client, seals=keys), media])


PARTS = ("bus", "sessions", "store", "media")


async def try_part(settings: Settings, part: str) -> str:
    """Open one engine, ask it for a sign of life, close it. Raises what is wrong with it."""
    async with AsyncExitStack() as stack:
        match part:
            case "bus":
                redis_url = "" if settings.rabbitmq_url else await stack.enter_async_context(open_redis_url(settings))
                await (await stack.enter_async_context(bus_at(settings, redis_url))).ping()
            case "sessions":
                url = await stack.enter_async_context(open_redis_url(settings))
                client = await stack.enter_async_context(sessions_at(url, settings))
                await RedisDirectory(client).ping()
                await refuse_cluster(client)
            case "media":
                await (await stack.enter_async_context(open_media(settings, UNSEALED))).ping()
            case _:
                await (await stack.enter_async_context(open_store(settings))).ping()
                return "ok" if ids_are_keyed() else "ok, but people's ids are plain hashes of their numbers: `procare migrate`"
    return "ok"
