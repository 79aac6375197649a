"""Every engine is reached over TLS with a certificate authority of one's own, and not without knowing that authority."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.adapters.mongo import MongoStore
from bot.adapters.rabbit import RabbitBus
from bot.adapters.redis import Coalescing
from bot.errors import BotError, Unavailable
from config.settings import read_settings
from tests.servers.authority import Authority
from tests.servers.fixtures import missing
from tests.servers.mongod import MongodServer
from tests.servers.process import ServerMissing, ServerProcess
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer

pytestmark = pytest.mark.services


class TlsRedis(RedisServer):
    def __init__(self, authority: Authority) -> None:
        super().__init__()
        self.authority = authority

    def command(self) -> list[str]:
        files = self.authority
        options = ["--tls-port", str(self.port), "--tls-cert-file", str(files.certificate), "--tls-key-file", str(files.key)]
        return [*super().command(), "--port", "0", *options, "--tls-ca-cert-file", str(files.ca), "--tls-auth-clients", "no"]

    def answers(self) -> bool:
        context = self.authority.context()
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection,
            context.wrap_socket(connection, server_hostname="127.0.0.1") as tls,
        ):
            tls.sendall(b"PING\r\n")
            return tls.recv(64).startswith(b"+PONG")


class TlsMongod(MongodServer):
    def __init__(self, authority: Authority) -> None:
        super().__init__()
        self.authority = authority

    def command(self) -> list[str]:
        files = ["--tlsCertificateKeyFile", str(self.authority.both), "--tlsCAFile", str(self.authority.ca)]
        return [*super().command(), "--tlsMode", "preferTLS", "--tlsAllowConnectionsWithoutCertificates", *files]


class TlsRabbitmq(RabbitmqServer):
    def __init__(self, authority: Authority) -> None:
        super().__init__()
        self.settings = (
            f"listeners.tcp = none\nlisteners.ssl.1 = 127.0.0.1:{self.port}\nssl_options.cacertfile = {authority.ca}\n"
            f"ssl_options.certfile = {authority.certificate}\nssl_options.keyfile = {authority.key}\n"
            "ssl_options.verify = verify_none\n"
        )

    def environment(self) -> dict[str, str]:
        own = ("RABBITMQ_NODE_IP_ADDRESS", "RABBITMQ_NODE_PORT")  # they would open a plain listener
        return {name: value for name, value in super().environment().items() if name not in own}

    def answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True


async def reach_redis(url: str) -> None:
    async with Coalescing.open(url, timeout=5.0) as client:
        await client.call("PING")


async def reach_rabbitmq(url: str) -> None:
    async with RabbitBus.open(url, deadline=6.0) as bus:
        await bus.ping()


async def reach_mongodb(url: str) -> None:
    async with MongoStore.open(url, "tls", timeout=6.0) as store:
        await store.ping()


Case = tuple[Callable[[Authority], ServerProcess], str, str, str, Callable[[str], Awaitable[None]]]
CASES: dict[str, Case] = {
    "redis": (TlsRedis, "redis_url", "rediss://127.0.0.1:{port}/0", "?ssl_ca_certs={ca}", reach_redis),
    "mongodb": (
        TlsMongod, "mongodb_url", "mongodb://127.0.0.1:{port}/?replicaSet=rs0&tls=true", "&tlsCAFile={ca}", reach_mongodb
    ),
    "rabbitmq": (
        TlsRabbitmq, "rabbitmq_url", "amqps://guest:guest@127.0.0.1:{port}/", "?cafile={ca}", reach_rabbitmq
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_an_engine_over_tls(name: str, tmp_path: Path) -> None:
    make, setting, address, trusted, reach = CASES[name]
    authority = Authority(tmp_path)
    server = make(authority)
    try:
        await asyncio.to_thread(server.start)
        strange = address.format(port=server.port)
        known = strange + trusted.format(ca=authority.ca)
        accepted = getattr(read_settings(**{setting: known}), setting).get_secret_value()
        async with asyncio.timeout(60):
            while True:
                try:
                    await reach(accepted)
                    break
                except Unavailable:
                    await asyncio.sleep(0.1)  # it has only just opened its port
        with pytest.raises(BotError):
            await reach(strange)
    except ServerMissing as reason:
        missing(str(reason))
    finally:
        await asyncio.to_thread(server.close)
