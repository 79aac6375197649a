"""Three nodes of each engine on this machine, the roles that use them, and for how long they answered nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from tests.chaos.installation import engines_of
from tests.cluster.servers import MongoCluster, RabbitmqCluster, RedisCluster, close
from tests.servers.fixtures import missing
from tests.servers.process import ServerMissing, ServerProcess

ROLES = {
    "worker-1": ("worker",), "sender-1": ("sender",), "ingress": ("ingress",), "worker-2": ("worker",),
    "agent-1": ("agent", "clinical_monitor"), "sender-2": ("sender",), "scheduler-1": ("scheduler",),
    "scheduler-2": ("scheduler",),
}  # fmt: skip


class Clusters:
    def __init__(self) -> None:
        self.rabbit, self.redis, self.mongo = RabbitmqCluster(), RedisCluster(), MongoCluster()

    @property
    def servers(self) -> list[ServerProcess]:
        return [*self.rabbit.nodes, *self.redis.nodes, *self.redis.sentinels, *self.mongo.nodes]

    def start(self) -> None:
        self.rabbit.start()
        self.redis.start()
        self.mongo.start()

    def urls(self, database: str) -> dict[str, object]:
        """As settings."""
        return engines_of(self.rabbit.url, self.redis.url, self.mongo.url, database)


@contextmanager
def clusters() -> Iterator[Clusters]:
    made = Clusters()
    try:
        try:
            made.start()
        except ServerMissing as reason:
            missing(str(reason))
        yield made
    finally:
        close(made.servers)


def silence(arrived: list[float], began: float, ended: float) -> float:
    """The longest time between two answers, in seconds. ``arrived``: when the answers came, sorted."""
    inside = [began, *(at for at in arrived if began <= at <= ended), ended]
    return max(later - earlier for earlier, later in pairwise(inside))
