"""Three nodes of each engine, each a process of its own that can be killed or frozen, on loopback or on machines apart."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pymongo import MongoClient
from pymongo.errors import PyMongoError
from redis import Redis
from redis.exceptions import RedisError

from tests.servers.machine import HERE, Machine
from tests.servers.mongod import MongodServer
from tests.servers.process import ServerProcess
from tests.servers.rabbitmq import RabbitmqServer
from tests.servers.redis import RedisServer

NODES = 3
ALL_HERE = (HERE,) * NODES
COOKIE = "cookieOfTheClusterTest"
PATIENCE = 150.0
SERVICE = "care"


class RabbitmqNode(RabbitmqServer):
    """Joins the others, whose names stand in its settings. On one machine they share the first one's epmd."""

    def share_epmd(self, first: RabbitmqNode) -> None:
        self._epmd_port = first._epmd_port  # all nodes ask all epmds at one port
        if self.machine == first.machine:
            self._start_epmd = lambda: None  # type: ignore[method-assign]  # it runs already

    @property
    def node(self) -> str:
        return f"procare{self.port}@{'localhost' if self.machine == HERE else self.machine.address}"

    def environment(self) -> Mapping[str, str]:
        found = dict(super().environment())
        found["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] += f" -setcookie {COOKIE}"
        found |= {"RABBITMQ_NODENAME": self.node, "RABBITMQ_USE_LONGNAME": str(self.machine != HERE).lower()}
        return found


class RabbitmqCluster:
    def __init__(self, machines: Sequence[Machine] = ALL_HERE) -> None:
        self.nodes = [RabbitmqNode(machine=one) for one in machines]
        names = [f"cluster_formation.classic_config.nodes.{place + 1} = {one.node}" for place, one in enumerate(self.nodes)]
        settings = ["cluster_formation.peer_discovery_backend = classic_config", *names]
        settings += [
            "cluster_formation.discovery_retry_limit = 2",
            "net_ticktime = 8",
            "cluster_partition_handling = pause_minority",
            "loopback_users = none",
        ]
        for one in self.nodes:
            one.settings = "\n".join([*settings, ""])
            if one is not self.nodes[0]:
                one.share_epmd(self.nodes[0])

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@{addresses(self.nodes)}/"

    def start(self) -> None:
        self.nodes[0].start()  # the others find it
        together([one.start for one in self.nodes[1:]])


class Sentinel(RedisServer):
    name = "sentinel"

    def __init__(self, master: RedisServer, machine: Machine) -> None:
        super().__init__(machine)
        (self.folder / "sentinel.conf").write_text(
            f"port {self.port}\nbind {machine.address}\nprotected-mode no\ndir {self.folder}\n"
            f"sentinel monitor {SERVICE} {master.machine.address} {master.port} 2\n"
            f"sentinel down-after-milliseconds {SERVICE} 2000\nsentinel failover-timeout {SERVICE} 6000\n"
        )

    def command(self) -> list[str]:
        return [super().command()[0], str(self.folder / "sentinel.conf"), "--sentinel"]


class Replica(RedisServer):
    """``of``: whom it follows when it starts; none of the first one."""

    def __init__(self, machine: Machine, of: RedisServer | None = None) -> None:
        super().__init__(machine)
        self._of = of

    def command(self) -> list[str]:
        return [*super().command(), *(["--replicaof", f"{self._of.machine.address} {self._of.port}"] if self._of else [])]


class RedisCluster:
    """A primary, two replicas, and three Sentinels of whom two must agree."""

    def __init__(self, machines: Sequence[Machine] = ALL_HERE) -> None:
        first = Replica(machines[0])
        self.nodes: list[Replica] = [first, *(Replica(one, first) for one in machines[1:])]
        self.sentinels = [Sentinel(first, one) for one in machines]

    @property
    def url(self) -> str:
        return f"redis+sentinel://{addresses(self.sentinels)}/{SERVICE}/0"

    def start(self) -> None:
        together([one.start for one in self.nodes])
        until(lambda: self._replicas() == NODES - 1)  # a Sentinel that sees fewer looks again after ten seconds only
        together([one.start for one in self.sentinels])
        until(lambda: self._said("num-slaves", 2) and self._said("num-other-sentinels", 2))

    def primary(self) -> Replica:
        """As most Sentinels have it."""
        ports = []
        for sentinel in self.sentinels:
            with client_at(sentinel) as client:
                ports.append(client.sentinel_get_master_addr_by_name(SERVICE)[1])
        port = max(set(ports), key=ports.count)
        return next(one for one in self.nodes if one.port == port)

    def masters(self) -> list[Replica]:
        """Those that take themselves for the master: two while a network is split."""
        found = []
        for one in self.nodes:
            with client_at(one) as client:
                if client.info("replication")["role"] == "master":
                    found.append(one)
        return found

    def _replicas(self) -> int:
        with client_at(self.nodes[0]) as client:
            return int(client.info("replication")["connected_slaves"])

    def _said(self, what: str, count: int) -> bool:
        with client_at(self.sentinels[0]) as client:
            try:
                return int(client.sentinel_master(SERVICE)[what]) == count
            except (RedisError, KeyError):
                return False


class MongoMember(MongodServer):
    @property
    def direct(self) -> str:
        return f"mongodb://{self.machine.address}:{self.port}/?directConnection=true"

    def answers(self) -> bool:
        """True when it listens; whether it is a primary, the set decides."""
        with client_of(self.direct, 500) as client:
            try:
                return bool(client.admin.command("hello"))
            except PyMongoError:
                return False


class MongoCluster:
    def __init__(self, machines: Sequence[Machine] = ALL_HERE) -> None:
        self.nodes = [MongoMember(one) for one in machines]

    @property
    def url(self) -> str:
        return f"mongodb://{addresses(self.nodes)}/?replicaSet=rs0"

    def start(self) -> None:
        together([one.start for one in self.nodes])
        members = [{"_id": place, "host": addresses([one])} for place, one in enumerate(self.nodes)]
        with client_of(self.nodes[0].direct, 5000) as client:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": members})
            until(lambda: self._stands_up(client))
        until(lambda: self._primary() is not None)

    def _stands_up(self, first: MongoClient[dict[str, Any]]) -> bool:
        """By itself it would wait for ten seconds."""
        try:
            first.admin.command("replSetStepUp")
        except PyMongoError:
            return False  # the others do not know the set yet
        return True

    def primary(self) -> MongoMember:
        found = self._primary()
        if found is None:
            raise LookupError("no member is the primary now")
        return found

    def primaries(self) -> list[MongoMember]:
        """Those that take themselves for it: two for some seconds while a network is split."""
        found = []
        for one in self.nodes:
            with client_of(one.direct, 2000) as client:
                if client.admin.command("hello").get("isWritablePrimary"):
                    found.append(one)
        return found

    def _primary(self) -> MongoMember | None:
        for one in self.nodes:
            with client_of(one.direct, 2000) as client:
                try:
                    if client.admin.command("hello").get("isWritablePrimary"):
                        return one
                except PyMongoError:
                    continue
        return None


def addresses(servers: Sequence[ServerProcess]) -> str:
    return ",".join(f"{one.machine.address}:{one.port}" for one in servers)


def client_at(server: RedisServer) -> Redis:
    return Redis(host=server.machine.address, port=server.port, protocol=2, decode_responses=True, socket_timeout=5)


def client_of(url: str, milliseconds: int) -> MongoClient[dict[str, Any]]:
    return MongoClient(url, serverSelectionTimeoutMS=milliseconds, connectTimeoutMS=milliseconds)


def close(servers: list[ServerProcess]) -> None:
    """All of them, the last first: the first node of RabbitMQ has the epmd. Asked politely, they would wait for one another."""
    for one in reversed(servers):
        one.kill()
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
