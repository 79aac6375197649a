"""Connections to each engine that the settings name, or to its embedded form; one that still starts is waited for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from typing import TypeVar

from redis.asyncio import Redis

from bot.adapters.embedded.valkey import EmbeddedValkey
from bot.adapters.mongo.store import MongoStore
from bot.adapters.rabbit.bus import RabbitBus
from bot.adapters.redis.coalesce import Coalescing
from bot.adapters.sqlite.store import SqliteStore
from bot.adapters.streams.bus import StreamsBus
from bot.app.keys import make_keyring
from bot.errors import ConfigError, Unavailable
from bot.model.ids import named_with
from bot.ports.bus import Bus
from bot.sealing.keyring import Keyring
from config.settings import Settings

log = logging.getLogger(__name__)
T = TypeVar("T")

PATIENCE = 60.0
"""Seconds that a start waits for an engine that is still coming up."""


@asynccontextmanager
async def open_redis_url(settings: Settings) -> AsyncIterator[str]:
    """Where the session engine is; the embedded one runs until it is closed here."""
    if settings.redis_url is not None:
        yield settings.redis_url.get_secret_value()
        return
    make_data_dir(settings)
    async with EmbeddedValkey.open(settings.data_dir) as valkey:
        yield valkey.url


def sessions_at(url: str, settings: Settings) -> AbstractAsyncContextManager[Coalescing]:
    """The command line's, too: what it did at the old master of a split network would be undone."""
    return Coalescing.open(url, replicas=settings.replicas_to_hold)


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
async def open_sealed_store(
    settings: Settings, keys: Keyring, *, moving: bool = False
) -> AsyncIterator[SqliteStore | MongoStore]:
    """The store, which also holds the wrapped keys: they are read before anything else is."""
    naming = nullcontext() if moving else named_by(keys)
    if settings.mongodb_url is not None:
        url = settings.mongodb_url.get_secret_value()
        store = MongoStore.open(url, settings.mongodb_database, seals=keys)
        async with store as mongo, keys.fed(mongo.keys, moving=moving), naming:
            yield mongo
        return
    make_data_dir(settings)
    path = settings.data_dir / "procare.sqlite"
    async with SqliteStore.open(path, seals=keys) as sqlite, keys.fed(sqlite.keys, moving=moving), naming:
        yield sqlite


def keyring_of(settings: Settings) -> Keyring:
    if settings.developing:
        make_data_dir(settings)
    return make_keyring(settings)


def make_data_dir(settings: Settings) -> None:
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ConfigError(f"PROCARE_DATA_DIR: cannot make {settings.data_dir}: {error.strerror}") from error


def bus_at(settings: Settings, redis_url: str) -> AbstractAsyncContextManager[Bus]:
    if settings.rabbitmq_url is not None:
        return RabbitBus.open(settings.rabbitmq_url.get_secret_value(), deadline=settings.publish_seconds)
    return _streams(redis_url, settings.publish_seconds)


@asynccontextmanager
async def _streams(redis_url: str, deadline: float) -> AsyncIterator[Bus]:
    # One connection for each subscription's blocking reads, and some for the rest. No socket timeout: redis-py would put every
    # write under wait_for, which swallows cancellations on Python 3.11; the bus keeps its own deadlines.
    async with Redis.from_url(redis_url, protocol=2, decode_responses=False, socket_timeout=None, max_connections=2000) as client:
        yield StreamsBus(client, deadline=deadline)


async def opened(stack: AsyncExitStack, make: Callable[[], AbstractAsyncContextManager[T]]) -> T:
    """Open an engine, waiting for one that is still starting."""
    return await answering(lambda: stack.enter_async_context(make()))


async def answering(call: Callable[[], Awaitable[T]]) -> T:
    """Call until the engine answers, for as long as a start waits. Raises Unavailable after that."""
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while True:
        try:
            return await call()
        except Unavailable as error:
            if asyncio.get_running_loop().time() > deadline:
                raise
            log.warning("waiting for an engine", extra={"action": "engine_wait", "code": error.code})
            await asyncio.sleep(1.0)
