"""Three nodes of each engine on loopback, each a process of its own that can be killed or frozen."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError
from redis import Redis
from redis.exceptions import RedisError

from tests.servers.mongod import MongodServer
from tests.servers.process import ServerProcess
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer

NODES = 3
COOKIE = "cookieOfTheClusterTest"
PATIENCE = 60.0
SERVICE = "care"


class RabbitmqNode(RabbitmqServer):
    """Joins the others, whose names stand in its settings. They share the first one's epmd."""

    def share_epmd(self, first: RabbitmqNode) -> None:
        self._epmd_port = first._epmd_port
        self._start_epmd = lambda: None  # type: ignore[method-assign]  # it runs already

    @property
    def node(self) -> str:
        return f"procare{self.port}@localhost"

    def environment(self) -> Mapping[str, str]:
        found = dict(super().environment())
        found["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] += f" -setcookie {COOKIE}"
        return found


class RabbitmqCluster:
    def __init__(self) -> None:
        self.nodes = [RabbitmqNode() for _ in range(NODES)]
        names = [f"cluster_formation.classic_config.nodes.{place + 1} = {one.node}" for place, one in enumerate(self.nodes)]
        settings = ["cluster_formation.peer_discovery_backend = classic_config", *names]
        settings += [
            "cluster_formation.discovery_retry_limit = 2",
            "net_ticktime = 8",
            "cluster_partition_handling = pause_minority",
        ]
        for one in self.nodes:
            one.settings = "\n".join([*settings, ""])
            if one is not self.nodes[0]:
                one.share_epmd(self.nodes[0])

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{','.join(f'127.0.0.1:{one.port}' for one in self.nodes)}/"

    def start(self) -> None:
        self.nodes[0].start()  # the others find it
        together([one.start for one in self.nodes[1:]])


class Sentinel(RedisServer):
    name = "sentinel"

    def __init__(self, master: RedisServer) -> None:
        super().__init__()
        (self.folder / "sentinel.conf").write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.folder}\n"
            f"sentinel monitor {SERVICE} 127.0.0.1 {master.port} 2\n"
            f"sentinel down-after-milliseconds {SERVICE} 2000\nsentinel failover-timeout {SERVICE} 6000\n"
        )

    def command(self) -> list[str]:
        return [super().command()[0], str(self.folder / "sentinel.conf"), "--sentinel"]


class Replica(RedisServer):
    """``of``: whom it follows when it starts; none of the first one."""

    def __init__(self, of: RedisServer | None = None) -> None:
        super().__init__()
        self._of = of

    def command(self) -> list[str]:
        return [*super().command(), *(["--replicaof", f"127.0.0.1 {self._of.port}"] if self._of else [])]


class RedisCluster:
    """A primary, two replicas, and three Sentinels of whom two must agree."""

    def __init__(self) -> None:
        first = Replica()
        self.nodes: list[Replica] = [first, Replica(first), Replica(first)]
        self.sentinels = [Sentinel(first) for _ in range(NODES)]

    @property
    def url(self) -> str:
        return f"redis+sentinel://{','.join(f'127.0.0.1:{one.port}' for one in self.sentinels)}/{SERVICE}/0"

    def start(self) -> None:
        together([one.start for one in (*self.nodes, *self.sentinels)])
        until(lambda: self._said("num-slaves", 2) and self._said("num-other-sentinels", 2))

    def primary(self) -> Replica:
        """As most Sentinels have it."""
        ports = []
        for sentinel in self.sentinels:
            with Redis(port=sentinel.port, protocol=2) as client:
                ports.append(client.sentinel_get_master_addr_by_name(SERVICE)[1])
        port = max(set(ports), key=ports.count)
        return next(one for one in self.nodes if one.port == port)

    def _said(self, what: str, count: int) -> bool:
        with Redis(port=self.sentinels[0].port, protocol=2) as client:
            try:
                return int(client.sentinel_master(SERVICE)[what]) == count
            except (RedisError, KeyError):
                return False


class MongoMember(MongodServer):
    def answers(self) -> bool:
        """True when it listens; whether it is a primary, the set decides."""
        with client_of(f"mongodb://127.0.0.1:{self.port}/?directConnection=true", 500) as client:
            try:
                return bool(client.admin.command("hello"))
            except PyMongoError:
                return False


class MongoCluster:
    def __init__(self) -> None:
        self.nodes = [MongoMember() for _ in range(NODES)]

    @property
    def url(self) -> str:
        return f"mongodb://{','.join(f'127.0.0.1:{one.port}' for one in self.nodes)}/?replicaSet=rs0"

    def start(self) -> None:
        together([one.start for one in self.nodes])
        members = [{"_id": place, "host": f"127.0.0.1:{one.port}"} for place, one in enumerate(self.nodes)]
        with client_of(f"mongodb://127.0.0.1:{self.nodes[0].port}/?directConnection=true", 5000) as client:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
        until(lambda: self._primary() is not None)

    def primary(self) -> MongoMember:
        found = self._primary()
        if found is None:
            raise LookupError("no member is the primary now")
        return found

    def _primary(self) -> MongoMember | None:
        for one in self.nodes:
            with client_of(f"mongodb://127.0.0.1:{one.port}/?directConnection=true", 2000) as client:
                try:
                    if client.admin.command("hello").get("isWritablePrimary"):
                        return one
                except PyMongoError:
                    continue
        return None


def client_of(url: str, milliseconds: int) -> MongoClient[dict[str, Any]]:
    return MongoClient(url, serverSelectionTimeoutMS=milliseconds, connectTimeoutMS=milliseconds)


def close(servers: list[ServerProcess]) -> None:
    """All of them, the last first: the first node of RabbitMQ has the epmd."""
    for one in reversed(servers):
        one.close()
        shutil.rmtree(one.folder, ignore_errors=True)


def together(calls: list[Callable[[], None]]) -> None:
    with ThreadPoolExecutor(len(calls)) as pool:
        for done in [pool.submit(call) for call in calls]:
            done.result()


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("the cluster does not come together")
        time.sleep(0.1)
