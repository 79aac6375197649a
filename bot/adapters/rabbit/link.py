"""One connection to the broker, made again when it is lost."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from typing import cast

import aio_pika
from aio_pika.abc import AbstractConnection
from aiormq import Channel
from aiormq.exceptions import AuthenticationError, ProbableAuthenticationError
from yarl import URL

from bot.adapters.rabbit.seam import BROKER_ERRORS

log = logging.getLogger(__name__)

HEARTBEAT = 15  # seconds; a silent broker is noticed after about three of them
CLUSTER_HEARTBEAT = 4  # where another node can take over at once
CONNECT_SECONDS = 2.0  # for one node of several
RETRY_SECONDS = 0.2
CLOSE_SECONDS = 3.0


class Link:
    """Hands out channels of a live connection. Whoever asks first after a loss connects again, of several nodes to the next."""

    def __init__(self, url: str, name: str) -> None:
        nodes = nodes_of(url)
        defaults = {"heartbeat": str(HEARTBEAT if len(nodes) == 1 else CLUSTER_HEARTBEAT), "name": name}
        self._urls = [
            node.update_query({key: value for key, value in defaults.items() if key not in node.query}) for node in nodes
        ]
        self._next = secrets.randbelow(len(nodes))  # so that the processes are spread over the nodes
        self._connection: AbstractConnection | None = None
        self._connecting = asyncio.Lock()
        self._closed = False

    async def channel(self, *, confirms: bool = False) -> Channel:
        """A new channel. Waits for the broker as long as it takes: the caller sets the deadline."""
        while True:
            try:
                connection = await self._connected()
                underlay = connection.transport.connection if connection.transport else None
                if underlay is None or underlay.is_closed:
                    raise ConnectionError("the connection closed just now")
                channel = await underlay.channel(publisher_confirms=confirms)
                return cast("Channel", channel)  # what it is; the abstract class lacks ``wait`` of basic_publish
            except (AuthenticationError, ProbableAuthenticationError):
                raise  # waiting does not help
            except BROKER_ERRORS:
                if self._closed:
                    raise
                await asyncio.sleep(RETRY_SECONDS)

    async def close(self) -> None:
        self._closed = True
        if self._connection is not None:
            await close_quietly(self._connection)

    async def _connected(self) -> AbstractConnection:
        async with self._connecting:
            live = self._connection
            if live is not None and live.transport is not None and not live.transport.connection.is_closed:
                return live
            if self._closed:
                raise ConnectionError("the bus is closed")
            if live is not None:
                await close_quietly(live)
            url = self._urls[self._next]
            self._next = (self._next + 1) % len(self._urls)  # also when we are cancelled while this one is silent
            self._connection = await aio_pika.connect(url, timeout=CONNECT_SECONDS if len(self._urls) > 1 else None)
            log.info("connected to the broker", extra={"action": "bus_connected"})
            return self._connection


def nodes_of(url: str) -> list[URL]:
    """The nodes of ``amqp://user:password@one:5672,two:5672/vhost?heartbeat=5``, each with all the rest."""
    scheme, _, rest = url.partition("://")
    ends = [place for end in "/?#" if (place := rest.find(end)) >= 0]
    authority, path = rest[: min(ends, default=len(rest))], rest[min(ends, default=len(rest)) :]
    credentials, sign, hosts = authority.rpartition("@")
    return [URL(f"{scheme}://{credentials}{sign}{host.strip()}{path}") for host in hosts.split(",")]


async def close_quietly(resource: AbstractConnection | Channel) -> None:
    """Close what may be gone already. A broker that does not answer its close has lost it anyway."""
    with suppress(*BROKER_ERRORS):
        async with asyncio.timeout(CLOSE_SECONDS):
            await resource.close()
