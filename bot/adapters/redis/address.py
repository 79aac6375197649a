"""Where the engine is: one server, or the master that Sentinels name.

redis://, rediss:// (TLS), unix://    as redis-py reads them, with user, password and database
redis+sentinel://user:password@host:26379,host:26379/service/0    rediss+sentinel:// for TLS; user and password are the
                                                                   master's, the Sentinels are asked without
?ssl_ca_certs=/path                                                with TLS: who signed the server's certificate, if not an
                                                                   authority that the system knows
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from redis.asyncio.connection import ConnectionPool
from redis.asyncio.sentinel import MasterNotFoundError, Sentinel, SentinelConnectionPool

from bot.errors import ConfigError

Connect = Callable[[], Any]
"""Makes a connection that is not open yet. One through Sentinels asks for the master whenever it is opened."""


class Watchers(Sentinel):
    """Asks all Sentinels and believes the newest: one that is cut off from the others still names the master of before."""

    async def discover_master(self, service_name: str) -> tuple[str, int]:
        said = await asyncio.gather(*(one.sentinel_masters() for one in self.sentinels), return_exceptions=True)
        states = [answer[service_name] for answer in said if isinstance(answer, dict) and service_name in answer]
        newest = max((int(one["config-epoch"]) for one in states), default=0)  # each failover has a higher one
        for one in states:
            if int(one["config-epoch"]) == newest and self.check_master_state(one, service_name):
                return one["ip"], int(one["port"])
        raise MasterNotFoundError("No Sentinel names a master that is up.")


@asynccontextmanager
async def connecting(url: str, timeout: float) -> AsyncIterator[Connect]:
    """Raises ConfigError for an address that cannot be read; the address itself is not told, as it may hold a password."""
    # RESP2: replies keep one shape in every server version. No socket_timeout: the link keeps its own deadlines.
    options: dict[str, Any] = {"protocol": 2, "socket_timeout": None, "socket_connect_timeout": timeout}
    # A Sentinel that is silent must leave time for the connection itself.
    asking = {"protocol": 2, "socket_timeout": timeout / 4, "socket_connect_timeout": timeout / 4}
    sentinels: Any = None
    pool: ConnectionPool
    try:
        if urlsplit(url).scheme in ("redis+sentinel", "rediss+sentinel"):
            hosts, service, own = _parts(url)
            sentinels = Watchers(hosts, sentinel_kwargs=asking)  # type: ignore[no-untyped-call]
            pool = SentinelConnectionPool(service, sentinels, **options, **own)  # type: ignore[no-untyped-call]
        else:
            pool = ConnectionPool.from_url(url, **options)
    except ValueError as error:
        raise ConfigError("The address of Redis cannot be read.", code="redis_address") from error
    try:
        yield pool.make_connection
    finally:
        for sentinel in sentinels.sentinels if sentinels is not None else ():
            await sentinel.aclose()


def _parts(url: str) -> tuple[list[tuple[str, int]], str, dict[str, Any]]:
    """Hosts of the Sentinels, the service's name, and what the master wants to know."""
    address = urlsplit(url)
    credentials, _, listed = address.netloc.rpartition("@")
    hosts: list[tuple[str, int]] = []
    for each in listed.split(","):
        host, _, port = each.rpartition(":") if ":" in each.rpartition("]")[2] else (each, "", "26379")
        if not host:
            raise ValueError("a Sentinel without a host")
        hosts.append((host.strip("[]"), int(port)))
    service, _, database = address.path.strip("/").partition("/")
    if not service:
        raise ValueError("no service")
    user, _, password = credentials.partition(":")
    own: dict[str, Any] = {"db": int(database or 0), "ssl": address.scheme == "rediss+sentinel"}
    if authority := parse_qs(address.query).get("ssl_ca_certs"):
        own["ssl_ca_certs"] = authority[0]
    if credentials:
        own |= {"username": unquote(user) or None, "password": unquote(password) or None}
    return hosts, service, own
